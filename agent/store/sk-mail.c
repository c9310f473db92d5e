// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/store/sk-mail.h"

#include "agent/store/sk-mail-record.h"
#include "sk-error.h"

/* In the order of the enumerations; these are the names of the published forms too. */
static const char *const mail_states[]
    = { "receiving", "inspecting", "confirming", "accepted", "done", NULL };
static const char *const delivery_states[]
    = { "waiting", "ready", "sending", "sent", "may-have-been-sent", "failed", "returned",
        "cancelled", "refused", NULL };
static const char *const gate_kinds[] = { "hold", "approval", NULL };

#define FIELD(type, name, kind, member)                                                            \
  { name, SK_FIELD_##kind, G_STRUCT_OFFSET (type, member), NULL }
#define NAMED(type, name, table, member)                                                           \
  { name, SK_FIELD_NAME, G_STRUCT_OFFSET (type, member), table }
#define LIST(type, name, member, record) { name, G_STRUCT_OFFSET (type, member), &record }

static const SkRecordList no_lists[] = { { NULL, 0, NULL } };

static const SkField recipient_fields[] = {
  FIELD (SkDeliveryRecipient, "address", TEXT, address),
  FIELD (SkDeliveryRecipient, "notify", TEXT, notify),
  FIELD (SkDeliveryRecipient, "orcpt", TEXT, orcpt),
  FIELD (SkDeliveryRecipient, "reply", REPLY, reply),
  FIELD (SkDeliveryRecipient, "accepted", FLAG, accepted),
  { NULL, 0, 0, NULL },
};

static const SkField gate_fields[] = {
  NAMED (SkGate, "kind", gate_kinds, kind),
  FIELD (SkGate, "open", FLAG, open),
  FIELD (SkGate, "opened_by", TEXT, opened_by),
  FIELD (SkGate, "opened_at", INTEGER, opened_at),
  FIELD (SkGate, "deadline", DEADLINE, deadline),
  FIELD (SkGate, "timed", FLAG, timed),
  FIELD (SkGate, "afterwards", TEXT, afterwards),
  FIELD (SkGate, "release", TEXT, release),
  FIELD (SkGate, "reason", TEXT, reason),
  FIELD (SkGate, "by", WORDS, by),
  FIELD (SkGate, "count", COUNT, count),
  FIELD (SkGate, "votes", JSON, votes),
  { NULL, 0, 0, NULL },
};

static const SkField delivery_fields[] = {
  FIELD (SkDelivery, "number", COUNT, number),
  NAMED (SkDelivery, "state", delivery_states, state),
  FIELD (SkDelivery, "rules", WORDS, rules),
  FIELD (SkDelivery, "changes", JSON, changes),
  FIELD (SkDelivery, "token", TEXT, token),
  FIELD (SkDelivery, "dot_sent", FLAG, dot_sent),
  FIELD (SkDelivery, "tries", COUNT, tries),
  FIELD (SkDelivery, "online_us", INTEGER, online_us),
  FIELD (SkDelivery, "next_try", DEADLINE, next_try),
  FIELD (SkDelivery, "reply", REPLY, reply),
  FIELD (SkDelivery, "problem", TEXT, problem),
  { NULL, 0, 0, NULL },
};

static const SkField mail_fields[] = {
  FIELD (SkMail, "id", TEXT, id),
  FIELD (SkMail, "revision", COUNT, revision),
  NAMED (SkMail, "state", mail_states, state),
  FIELD (SkMail, "subject", TEXT, subject),
  FIELD (SkMail, "from", TEXT, from),
  FIELD (SkMail, "person", TEXT, person),
  FIELD (SkMail, "mail_from", TEXT, mail_from),
  FIELD (SkMail, "submitted", INTEGER, submitted),
  FIELD (SkMail, "size", INTEGER, size),
  FIELD (SkMail, "body_8bit", FLAG, body_8bit),
  FIELD (SkMail, "smtputf8", FLAG, smtputf8),
  FIELD (SkMail, "ret", TEXT, ret),
  FIELD (SkMail, "envid", TEXT, envid),
  FIELD (SkMail, "silent", FLAG, silent),
  FIELD (SkMail, "policy_sha256", TEXT, policy_sha256),
  FIELD (SkMail, "verdict", JSON, verdict),
  { NULL, 0, 0, NULL },
};

static void
free_recipient (gpointer self)
{
  sk_record_free (&sk_delivery_recipient_record, self);
}

static void
free_gate (gpointer self)
{
  sk_record_free (&sk_gate_record, self);
}

static void
free_delivery (gpointer self)
{
  sk_record_free (&sk_delivery_record, self);
}

static void
free_mail (gpointer self)
{
  sk_record_free (&sk_mail_record, self);
}

const SkRecord sk_delivery_recipient_record
    = { sizeof (SkDeliveryRecipient), recipient_fields, no_lists, free_recipient };
const SkRecord sk_gate_record = { sizeof (SkGate), gate_fields, no_lists, free_gate };

static const SkRecordList delivery_lists[] = {
  LIST (SkDelivery, "recipients", recipients, sk_delivery_recipient_record),
  LIST (SkDelivery, "gates", gates, sk_gate_record),
  { NULL, 0, NULL },
};
const SkRecord sk_delivery_record
    = { sizeof (SkDelivery), delivery_fields, delivery_lists, free_delivery };

static const SkRecordList mail_lists[] = {
  LIST (SkMail, "deliveries", deliveries, sk_delivery_record),
  { NULL, 0, NULL },
};
const SkRecord sk_mail_record = { sizeof (SkMail), mail_fields, mail_lists, free_mail };

SkMail *
sk_mail_new (const char *id)
{
  SkMail *self = sk_record_new (&sk_mail_record);

  self->id = g_strdup (id);
  return self;
}

SkMail *
sk_mail_copy (const SkMail *self)
{
  return self != NULL ? sk_record_copy (&sk_mail_record, self) : NULL;
}

void
sk_mail_free (SkMail *self)
{
  free_mail (self);
}

SkDelivery *
sk_delivery_new (guint number)
{
  SkDelivery *self = sk_record_new (&sk_delivery_record);

  self->number = number;
  return self;
}

void
sk_delivery_free (SkDelivery *self)
{
  free_delivery (self);
}

SkDeliveryRecipient *
sk_delivery_recipient_new (const char *address)
{
  SkDeliveryRecipient *self = sk_record_new (&sk_delivery_recipient_record);

  self->address = g_strdup (address);
  return self;
}

void
sk_delivery_recipient_free (SkDeliveryRecipient *self)
{
  free_recipient (self);
}

SkGate *
sk_gate_new (SkGateKind kind)
{
  SkGate *self = sk_record_new (&sk_gate_record);

  self->kind = kind;
  self->deadline.seconds = -1;
  return self;
}

void
sk_gate_free (SkGate *self)
{
  free_gate (self);
}

const char *
sk_mail_state_name (SkMailState state)
{
  return mail_states[state];
}

const char *
sk_delivery_state_name (SkDeliveryState state)
{
  return delivery_states[state];
}

gboolean
sk_mail_state_from_name (const char *name, SkMailState *state)
{
  int value;
  gboolean known = sk_record_value_of_name (mail_states, name, &value);

  if (known)
    *state = (SkMailState) value;
  return known;
}

gboolean
sk_delivery_state_from_name (const char *name, SkDeliveryState *state)
{
  int value;
  gboolean known = sk_record_value_of_name (delivery_states, name, &value);

  if (known)
    *state = (SkDeliveryState) value;
  return known;
}

gboolean
sk_delivery_state_is_final (SkDeliveryState state)
{
  return state == SK_DELIVERY_SENT || state == SK_DELIVERY_RETURNED
         || state == SK_DELIVERY_CANCELLED || state == SK_DELIVERY_REFUSED;
}

SkDelivery *
sk_mail_delivery (const SkMail *self, guint number)
{
  for (guint i = 0; i < self->deliveries->len; i++)
    {
      SkDelivery *delivery = self->deliveries->pdata[i];

      if (delivery->number == number)
        return delivery;
    }
  return NULL;
}

char *
sk_mail_to_document (const SkMail *self)
{
  json_t *json = sk_record_to_json (&sk_mail_record, self);
  char *text = json_dumps (json, JSON_COMPACT);

  json_decref (json);
  return text;
}

SkMail *
sk_mail_from_document (const char *text, GError **error)
{
  json_error_t problem;
  json_t *json = json_loads (text, JSON_ALLOW_NUL, &problem);
  SkMail *self;

  if (json == NULL)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "not a mail's document: %s", problem.text);
      return NULL;
    }
  self = sk_record_from_json (&sk_mail_record, json, error);
  json_decref (json);
  if (self != NULL && self->id == NULL)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "a mail's document without an id");
      g_clear_pointer (&self, sk_mail_free);
    }
  return self;
}

SkGate *
sk_delivery_question (const SkDelivery *self)
{
  for (guint i = 0; i < self->gates->len; i++)
    {
      SkGate *gate = self->gates->pdata[i];

      if (!gate->open && gate->kind == SK_GATE_HOLD && gate->reason != NULL
          && g_strcmp0 (gate->release, "sender") == 0)
        return gate;
    }
  return NULL;
}

gboolean
sk_mail_disguises (const SkMail *self, const SkDelivery *delivery)
{
  return self->silent && delivery->state == SK_DELIVERY_REFUSED;
}

gboolean
sk_mail_is_disguised (const SkMail *self)
{
  for (guint i = 0; i < self->deliveries->len; i++)
    if (!sk_mail_disguises (self, self->deliveries->pdata[i]))
      return FALSE;
  return self->silent;
}
