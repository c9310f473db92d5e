// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-desk-private.h"

#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define RECENT 10000 /* finished mails that `list --all` shows at most */

static json_t *
time_json (gint64 wall_us)
{
  g_autofree char *text = wall_us != 0 ? sk_time_format (wall_us) : NULL;

  return text != NULL ? json_string (text) : json_null ();
}

static json_t *
strings_json (char **strings)
{
  json_t *array = json_array ();

  for (; strings != NULL && *strings != NULL; strings++)
    json_array_append_new (array, json_string (*strings));
  return array;
}

static json_t *
text_json (const char *text)
{
  return text != NULL ? json_string (text) : json_null ();
}

static json_t *
reply_json (const SkReply *reply, const char *problem)
{
  g_autofree char *text = reply != NULL ? sk_reply_to_string (reply) : NULL;

  return text_json (text != NULL ? text : problem);
}

/* --- gates -------------------------------------------------------------------------------------- */

/* `begun`: FALSE while the sender must answer a question first; "for" then says for how many seconds it will hold. */
static json_t *
hold_json (const SkGate *gate, SkClock *clock, gboolean begun)
{
  gint64 end = begun ? sk_deadline_wall (&gate->deadline, clock) : 0;

  return json_pack ("{s:s, s:o, s:o, s:o, s:s, s:s, s:b, s:o, s:o, s:o}", "kind", "hold", "until",
                    time_json (gate->timed ? end : 0), "expires",
                    time_json (gate->timed ? 0 : end), "for",
                    begun ? json_null () : json_integer (gate->deadline.seconds), "release",
                    gate->release, "afterwards", gate->afterwards, "open", gate->open, "by",
                    text_json (gate->opened_by), "at", time_json (gate->opened_at), "reason",
                    text_json (gate->reason));
}

static json_t *
approval_json (const SkGate *gate, SkClock *clock, gboolean begun)
{
  gint64 end = begun ? sk_deadline_wall (&gate->deadline, clock) : 0;

  return json_pack ("{s:s, s:o, s:i, s:o, s:o, s:b}", "kind", "approval", "by",
                    strings_json (gate->by), "count", (int) gate->count, "votes",
                    gate->votes != NULL ? json_incref (gate->votes) : json_array (), "expires",
                    time_json (end), "open", gate->open);
}

static json_t *
gates_json (const SkDelivery *delivery, SkClock *clock)
{
  const SkGate *question = sk_delivery_question (delivery);
  json_t *gates = json_array ();

  for (guint i = 0; i < delivery->gates->len; i++)
    {
      const SkGate *gate = delivery->gates->pdata[i];
      gboolean begun = question == NULL || gate == question || gate->open;

      json_array_append_new (gates, gate->kind == SK_GATE_HOLD ? hold_json (gate, clock, begun)
                                                               : approval_json (gate, clock, begun));
    }
  return gates;
}

/* --- deliveries --------------------------------------------------------------------------------- */

static json_t *
recipients_json (const SkDelivery *delivery)
{
  json_t *recipients = json_array ();

  for (guint i = 0; i < delivery->recipients->len; i++)
    json_array_append_new (
        recipients, json_string (((SkDeliveryRecipient *) delivery->recipients->pdata[i])->address));
  return recipients;
}

static json_t *
replies_json (const SkDelivery *delivery)
{
  json_t *replies = json_object ();

  for (guint i = 0; i < delivery->recipients->len; i++)
    {
      const SkDeliveryRecipient *recipient = delivery->recipients->pdata[i];

      if (recipient->reply != NULL)
        json_object_set_new (replies, recipient->address, reply_json (recipient->reply, NULL));
    }
  return replies;
}

/* Those who have it already, whatever becomes of the rest. */
static json_t *
accepted_json (const SkDelivery *delivery)
{
  json_t *accepted = json_array ();

  for (guint i = 0; i < delivery->recipients->len; i++)
    {
      const SkDeliveryRecipient *recipient = delivery->recipients->pdata[i];

      if (recipient->accepted || delivery->state == SK_DELIVERY_SENT)
        json_array_append_new (accepted, json_string (recipient->address));
    }
  return accepted;
}

static json_t *
next_try_json (const SkDelivery *delivery, SkClock *clock)
{
  if (delivery->state != SK_DELIVERY_READY || delivery->tries == 0)
    return json_null ();
  return time_json (sk_deadline_wall (&delivery->next_try, clock));
}

/* A refusal without a word looks like any mail that left. */
static json_t *
disguised_replies_json (const SkDelivery *delivery)
{
  json_t *replies = json_object ();

  for (guint i = 0; i < delivery->recipients->len; i++)
    json_object_set_new (replies,
                         ((SkDeliveryRecipient *) delivery->recipients->pdata[i])->address,
                         json_string ("250 2.1.5 Ok"));
  return replies;
}

static json_t *
disguised_delivery_json (const SkDelivery *delivery)
{
  return json_pack ("{s:i, s:s, s:o, s:o, s:[], s:[], s:s, s:n, s:o}", "id", (int) delivery->number,
                    "state", sk_delivery_state_name (SK_DELIVERY_SENT), "recipients",
                    recipients_json (delivery), "accepted", recipients_json (delivery), "gates", "rules", "reply", "250 2.0.0 Ok",
                    "next-try", "replies", disguised_replies_json (delivery));
}

static json_t *
delivery_json (const SkMail *mail, const SkDelivery *delivery, SkClock *clock)
{
  if (sk_mail_disguises (mail, delivery))
    return disguised_delivery_json (delivery);
  return json_pack ("{s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (int) delivery->number,
                    "state", sk_delivery_state_name (delivery->state), "recipients",
                    recipients_json (delivery), "accepted", accepted_json (delivery), "gates", gates_json (delivery, clock), "rules",
                    strings_json (delivery->rules), "reply",
                    reply_json (delivery->reply, delivery->problem), "next-try",
                    next_try_json (delivery, clock), "replies", replies_json (delivery));
}

/* --- mails -------------------------------------------------------------------------------------- */

/* One that was refused without a word stays open for its forwarding; to its sender it is done with the rest. */
static SkMailState
shown_state (const SkMail *mail)
{
  if (!mail->silent)
    return mail->state;
  for (guint i = 0; i < mail->deliveries->len; i++)
    if (!sk_delivery_state_is_final (((SkDelivery *) mail->deliveries->pdata[i])->state))
      return mail->state;
  return SK_MAIL_DONE;
}

static json_t *
mail_json (const SkMail *mail, SkClock *clock)
{
  json_t *deliveries = json_array ();

  for (guint i = 0; i < mail->deliveries->len; i++)
    json_array_append_new (deliveries, delivery_json (mail, mail->deliveries->pdata[i], clock));
  return json_pack ("{s:s, s:i, s:s, s:s, s:s, s:o, s:I, s:o}", "id", mail->id, "revision",
                    (int) mail->revision, "state",
                    sk_mail_state_name (shown_state (mail)), "subject",
                    mail->subject != NULL ? mail->subject : "", "from",
                    mail->from != NULL ? mail->from : "", "submitted", time_json (mail->submitted),
                    "size", (json_int_t) mail->size, "deliveries", deliveries);
}

static int
compare_submitted (gconstpointer a, gconstpointer b)
{
  const SkMail *x = *(const SkMail *const *) a, *y = *(const SkMail *const *) b;

  if (x->submitted != y->submitted)
    return x->submitted < y->submitted ? -1 : 1;
  return strcmp (x->id, y->id);
}

/* What is open stands in memory as it is at this moment; what is done comes from the store, which may still have
 * to write down what went straight through. */
static GPtrArray *
collect (SkDesk *self, gboolean all, GError **error)
{
  g_autoptr (GPtrArray) mails = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_mail_free);
  g_autoptr (GPtrArray) recent = NULL;
  GHashTableIter iter;
  SkKept *kept;

  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &kept))
    if (all || shown_state (kept->mail) != SK_MAIL_DONE)
      g_ptr_array_add (mails, sk_mail_copy (kept->mail));
  if (all)
    {
      sk_store_flush (self->store);
      recent = sk_store_load_recent (self->store, RECENT, error);
      if (recent == NULL)
        return NULL;
    }
  for (guint i = 0; recent != NULL && i < recent->len; i++)
    if (!g_hash_table_contains (self->kept, ((SkMail *) recent->pdata[i])->id))
      g_ptr_array_add (mails, sk_mail_copy (recent->pdata[i]));
  g_ptr_array_sort (mails, compare_submitted);
  return g_steal_pointer (&mails);
}

json_t *
sk_desk_list (SkDesk *self, gboolean all, GError **error)
{
  g_autoptr (GPtrArray) mails = collect (self, all, error);
  json_t *list;

  if (mails == NULL)
    return NULL;
  list = json_array ();
  for (guint i = 0; i < mails->len; i++)
    json_array_append_new (list, mail_json (mails->pdata[i], self->clock));
  return list;
}

static SkMail *
find_mail (SkDesk *self, const char *id, GError **error)
{
  SkKept *kept = g_hash_table_lookup (self->kept, id);
  g_autoptr (GError) problem = NULL;
  SkMail *mail;

  if (kept != NULL)
    return sk_mail_copy (kept->mail);
  sk_store_flush (self->store);
  mail = sk_store_load (self->store, id, &problem);
  if (mail == NULL && problem == NULL)
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND, "there is no mail %s", id);
  else if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return mail;
}

char *
sk_desk_find (SkDesk *self, const char *beginning, GError **error)
{
  g_autoptr (GPtrArray) ids = NULL;

  sk_store_flush (self->store);
  ids = sk_store_find_ids (self->store, beginning, 2, error);
  if (ids == NULL)
    return NULL;
  if (ids->len == 1)
    return g_strdup (ids->pdata[0]);
  if (ids->len == 0)
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND,
                 "there is no mail '%s' (list --all shows them)", beginning);
  else
    g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "'%s' could be %s or %s; give more of the id",
                 beginning, (char *) ids->pdata[0], (char *) ids->pdata[1]);
  return NULL;
}

json_t *
sk_desk_show (SkDesk *self, const char *id, GError **error)
{
  g_autoptr (SkMail) mail = find_mail (self, id, error);
  json_t *shown;

  if (mail == NULL)
    return NULL;
  shown = mail_json (mail, self->clock);
  json_object_set_new (shown, "client-told", json_boolean (!sk_store_is_untold (self->store, id)));
  if (mail->verdict != NULL)
    json_object_set_new (shown, "verdict",
                         mail->silent ? sk_mail_disguised_verdict (mail)
                                      : json_incref (mail->verdict));
  return shown;
}

int
sk_desk_open_message (SkDesk *self, const char *id, GError **error)
{
  g_autoptr (SkMail) mail = find_mail (self, id, error);
  g_autofree char *path = NULL;
  int fd;

  if (mail == NULL)
    return -1;
  path = sk_store_message_path (self->store, id);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT && g_hash_table_contains (self->kept, id))
    g_set_error (error, SK_ERROR, SK_ERROR_IO,
                 "%s is gone, and with it the text of mail %s (cancel the mail, and look who removes "
                 "files there)",
                 path, id);
  else if (fd < 0 && errno == ENOENT)
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
                 "the text of mail %s is not kept: it went straight to the provider (look into the "
                 "mail program's or the provider's sent mail)",
                 id);
  else if (fd < 0)
    sk_error_set_errno (error, errno, "the message of mail %s", id);
  return fd;
}

/* --- status ------------------------------------------------------------------------------------- */

static json_t *
policy_json (const SkDesk *self)
{
  const SkPolicy *policy = self->policy;
  json_t *json = json_pack ("{s:b}", "in-force", policy != NULL);

  if (policy != NULL)
    {
      json_object_set_new (json, "organization", json_string (sk_policy_organization (policy)));
      json_object_set_new (json, "revision", json_integer ((json_int_t) sk_policy_revision (policy)));
      json_object_set_new (json, "sha256", json_string (sk_policy_sha256 (policy)));
      json_object_set_new (json, "rules", json_integer (sk_policy_rule_count (policy)));
    }
  if (self->policy_problem != NULL)
    json_object_set_new (json, "problem", json_string (self->policy_problem));
  return json;
}

static json_t *
inspection_json (const SkDesk *self)
{
  json_t *json = json_pack ("{s:b}", "ready",
                            self->pool != NULL && sk_box_pool_is_proved (self->pool));

  if (self->pool_problem != NULL)
    json_object_set_new (json, "problem", json_string (self->pool_problem));
  if (self->detector_problem != NULL)
    json_object_set_new (json, "detectors", json_string (self->detector_problem));
  return json;
}

static json_t *
upstream_json (const SkDesk *self)
{
  const SkRelayCapabilities *capabilities = sk_relay_capabilities (self->relay);

  return json_pack ("{s:s, s:b, s:b, s:I, s:b, s:b, s:b}", "url", self->settings->upstream_url,
                    "online", self->online, "seen", capabilities->known, "size",
                    (json_int_t) capabilities->size, "pipelining", capabilities->pipelining,
                    "smtputf8", capabilities->smtputf8, "dsn", capabilities->dsn);
}

static json_t *
stages_json (const SkStages *stages)
{
  return json_pack ("{s:I, s:I, s:I, s:I, s:I, s:I}", "mails", (json_int_t) stages->mails, "receive-us",
                    (json_int_t) stages->receive_us, "parse-us", (json_int_t) stages->parse_us,
                    "inspect-us", (json_int_t) stages->inspect_us, "evaluate-us", (json_int_t) stages->evaluate_us, "relay-us",
                    (json_int_t) stages->relay_us);
}

static json_t *
counts_json (const SkDesk *self)
{
  json_t *counts = json_object ();
  GHashTableIter iter;
  SkKept *kept;

  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &kept))
    for (guint i = 0; i < kept->mail->deliveries->len; i++)
      {
        const SkDelivery *delivery = kept->mail->deliveries->pdata[i];
        const char *name = sk_delivery_state_name (delivery->state);
        json_int_t before = json_integer_value (json_object_get (counts, name));

        if (!sk_delivery_state_is_final (delivery->state))
          json_object_set_new (counts, name, json_integer (before + 1));
      }
  return counts;
}

guint64
sk_desk_judged (const SkDesk *self)
{
  return self->stages.mails;
}

json_t *
sk_desk_status (SkDesk *self)
{
  g_autofree char *listen = g_strdup_printf ("127.0.0.1:%u", self->port);

  return json_pack ("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "version", SK_VERSION, "person",
                    sk_desk_person (self), "listen", listen, "policy", policy_json (self), "upstream",
                    upstream_json (self), "deliveries", counts_json (self), "inspection",
                    inspection_json (self), "stages", stages_json (&self->stages));
}

/* --- events ------------------------------------------------------------------------------------- */

json_t *
sk_mail_event (SkDesk *desk, const SkMail *mail, const char *kind, guint delivery)
{
  json_t *event = json_pack ("{s:s, s:o, s:s, s:s}", "kind", kind, "at",
                             time_json (sk_clock_wall (desk->clock)), "person", mail->person, "mail",
                             mail->id);
  const SkDelivery *which = delivery != 0 ? sk_mail_delivery (mail, delivery) : NULL;
  json_t *policy = json_object_get (mail->verdict, "policy"); /* {"revision", "sha256"} */

  if (policy != NULL)
    json_object_set (event, "policy", policy);
  if (which == NULL)
    return event;
  json_object_set_new (event, "delivery", json_integer (delivery));
  json_object_set_new (event, "rules", strings_json (which->rules));
  return event;
}
