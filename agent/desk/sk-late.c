// SPDX-License-Identifier: GPL-3.0-or-later
/* Mails that were kept before they could be judged: there was no policy, or their client would not wait. They are
 * judged when it can be done; each policy tries once. */
#include "agent/desk/sk-desk-private.h"

#include "sk-error.h"
#include "sk-text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define AT_ONCE 4

typedef struct {
  SkDesk *desk;
  char *id;
  int fd;
  GPtrArray *recipients; /* SkEnvelopeRecipient* */
} SkLate;

static void
late_free (SkLate *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_ptr_array_unref (self->recipients);
  g_free (self->id);
  g_object_unref (self->desk);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkLate, late_free)

/* Its client has had its 250 already: what would have been refused goes back, with what the client would have been
 * told, in both languages. g_free; NULL: it isn't refused. */
static char *
late_refusal (const SkLate *self, const SkMail *mail, const SkVerdict *verdict)
{
  g_autofree char *which = NULL;
  g_autoptr (SkReply) reply = NULL;

  if (sk_desk_identify (self->desk, self->fd, mail->mail_from, &which) != SK_IDENTITY_OWN)
    return g_strdup (N_ ("its From is not one of your addresses"));
  reply = sk_desk_refusal (self->desk, verdict);
  return reply != NULL ? g_strdup (reply->text) : NULL;
}

static void
apply_late_verdict (SkLate *self, SkKept *kept, const SkJudgement *judgement)
{
  SkMail *mail = kept->mail;
  g_autofree char *refusal = late_refusal (self, mail, judgement->verdict);

  g_free (mail->subject);
  mail->subject = g_strdup (judgement->message->subject);
  g_ptr_array_set_size (mail->deliveries, 0);
  sk_mail_apply_verdict (self->desk, mail, judgement, self->recipients);
  sk_kept_save_judged (self->desk, kept);
  for (guint i = 0; refusal != NULL && i < mail->deliveries->len; i++)
    sk_kept_return (self->desk, kept, mail->deliveries->pdata[i], refusal);
  if (refusal == NULL)
    sk_desk_call_sender (self->desk, mail);
  sk_kept_advance (self->desk, kept);
}

/* A verdict by the policy that is still in force; by another, the mail is judged anew. */
static gboolean
is_in_force (const SkDesk *desk, const SkKept *kept, const SkJudgement *judgement)
{
  return judgement->verdict != NULL && judgement->policy == desk->policy
         && kept->mail->state == SK_MAIL_INSPECTING;
}

static void
judged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SkLate) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SkJudgement) judgement = sk_judge_finish (result, &error);
  SkKept *kept = g_hash_table_lookup (self->desk->kept, self->id);

  self->desk->judging--;
  if (kept != NULL)
    kept->judging = FALSE;
  if (judgement == NULL)
    g_warning ("mail=%s stays held: %s", self->id, error->message);
  else if (kept != NULL && is_in_force (self->desk, kept, judgement))
    apply_late_verdict (self, kept, judgement);
  sk_desk_judge_late (self->desk);
}

/* NULL: its message can't be opened now; it is asked for again when something else has come to its end. */
static SkLate *
late_new (SkDesk *desk, const SkMail *mail, GPtrArray *addresses)
{
  g_autofree char *path = sk_store_message_path (desk->store, mail->id);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  SkLate *self;

  if (fd < 0)
    {
      g_warning ("mail=%s stays held: %s", mail->id, g_strerror (errno));
      return NULL;
    }
  self = g_new0 (SkLate, 1);
  self->desk = g_object_ref (desk);
  self->id = g_strdup (mail->id);
  self->fd = fd;
  self->recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_envelope_recipient_free);
  for (guint i = 0; i < mail->deliveries->len; i++)
    {
      const SkDelivery *delivery = mail->deliveries->pdata[i];

      for (guint j = 0; j < delivery->recipients->len; j++)
        {
          const SkDeliveryRecipient *to = delivery->recipients->pdata[j];

          g_ptr_array_add (self->recipients,
                           sk_envelope_recipient_new (to->address, to->notify, to->orcpt));
          g_ptr_array_add (addresses, to->address);
        }
    }
  g_ptr_array_add (addresses, NULL);
  return self;
}

void
sk_desk_judged_meanwhile (SkDesk *self, const char *id, const SkJudgement *judgement)
{
  SkKept *kept = g_hash_table_lookup (self->kept, id);

  if (kept == NULL || !kept->judging)
    return;
  kept->judging = FALSE;
  if (judgement != NULL && is_in_force (self, kept, judgement))
    {
      g_autoptr (GPtrArray) addresses = g_ptr_array_new ();
      g_autoptr (SkLate) late = late_new (self, kept->mail, addresses);

      if (late != NULL)
        {
          kept->judged_with = self->policies;
          apply_late_verdict (late, kept, judgement);
        }
    }
  sk_desk_judge_late (self);
}

static void
judge (SkDesk *desk, SkKept *kept)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();
  SkMail *mail = kept->mail;
  SkLate *self = late_new (desk, mail, addresses);
  SkJudgeRequest request = { 0 };

  if (self == NULL)
    return;
  request.fd = self->fd;
  request.size = mail->size;
  request.mail_from = mail->mail_from;
  request.person = mail->person;
  request.addresses = (const char *const *) addresses->pdata;
  request.at = mail->submitted;
  request.limits = &desk->message_limits;
  request.policy = desk->policy;
  request.store = desk->store;
  request.pool = desk->pool;
  kept->judging = TRUE;
  kept->judged_with = desk->policies;
  desk->judging++;
  sk_judge (&request, judged_cb, self);
}

void
sk_desk_judge_late (SkDesk *self)
{
  g_autoptr (GPtrArray) all = sk_desk_all_kept (self);

  for (guint i = 0; i < all->len && self->policy != NULL && self->judging < AT_ONCE; i++)
    {
      SkKept *kept = all->pdata[i];

      if (kept->mail->state == SK_MAIL_INSPECTING && !kept->judging
          && kept->judged_with != self->policies)
        judge (self, kept);
    }
}
