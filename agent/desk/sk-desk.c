// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-desk-private.h"

#include "sk-error.h"

#include <fcntl.h>
#include <unistd.h>

G_DEFINE_FINAL_TYPE (SkDesk, sk_desk, G_TYPE_OBJECT)

#define SAVE_AGAIN_US (10 * (gint64) G_USEC_PER_SEC)

enum { SIGNAL_CHANGED, SIGNAL_ATTENTION, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];

static void
sk_kept_free (SkKept *self)
{
  sk_kept_dont_wake (self);
  json_decref (self->unsaved);
  sk_mail_free (self->mail);
  g_free (self->last.name);
  g_free (self->last.by);
  g_free (self);
}

static void
sk_desk_finalize (GObject *object)
{
  SkDesk *self = SK_DESK (object);

  g_clear_pointer (&self->alarm, sk_alarm_free);
  g_hash_table_unref (self->kept);
  g_hash_table_unref (self->abandoned);
  g_hash_table_unref (self->undecided);
  g_sequence_free (self->wakes);
  g_queue_clear_full (&self->line, g_free);
  g_clear_pointer (&self->policy, sk_policy_unref);
  g_free (self->policy_problem);
  g_clear_pointer (&self->pool, sk_box_pool_unref);
  g_free (self->pool_problem);
  g_free (self->detector_problem);
  G_OBJECT_CLASS (sk_desk_parent_class)->finalize (object);
}

static void
sk_desk_class_init (SkDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sk_desk_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SK_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
  signals[SIGNAL_ATTENTION]
      = g_signal_new ("attention", SK_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
sk_desk_init (SkDesk *self)
{
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) sk_kept_free);
  self->abandoned = g_hash_table_new (g_str_hash, g_str_equal);
  self->undecided = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->online = TRUE;
  self->wakes = g_sequence_new (NULL);
  g_queue_init (&self->line);
}

static void
wall_was_set_cb (gpointer user_data)
{
  SkDesk *self = user_data;
  GHashTableIter iter;
  SkKept *kept;

  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &kept))
    {
      sk_kept_settle (self, kept);
      sk_kept_save (self, kept, NULL, 0);
    }
}

SkDesk *
sk_desk_new (const SkSettings *settings, SkStore *store, SkRelay *relay, SkClock *clock)
{
  SkDesk *self = g_object_new (SK_TYPE_DESK, NULL);

  self->settings = settings;
  self->store = store;
  self->relay = relay;
  self->clock = clock;
  self->message_limits = sk_message_default_limits;
  self->message_limits.header_bytes = settings->limits.header_bytes;
  self->message_limits.parts = settings->limits.parts;
  self->message_limits.depth = settings->limits.nesting;
  self->message_limits.text_bytes = settings->limits.text_bytes;
  sk_clock_watch_wall (clock, wall_was_set_cb, self);
  return self;
}

void
sk_desk_stop (SkDesk *self)
{
  self->stopping = TRUE;
}

void
sk_desk_cut_off (SkDesk *self)
{
  sk_relay_cut_off (self->relay);
}

void
sk_desk_set_port (SkDesk *self, guint16 port)
{
  self->port = port;
}

const char *
sk_desk_person (const SkDesk *self)
{
  return self->settings->addresses[0];
}

static gboolean
is_in_settings (const SkDesk *self, const char *key)
{
  for (char **own = self->settings->addresses; *own != NULL; own++)
    {
      g_autoptr (SkAddress) address = sk_address_new (*own, NULL);

      if (address != NULL && g_str_equal (address->key, key))
        return TRUE;
    }
  return FALSE;
}

gboolean
sk_desk_is_own_address (const SkDesk *self, const char *text)
{
  g_autoptr (SkAddress) address = sk_address_new (text, NULL);

  if (address == NULL)
    return FALSE;
  return is_in_settings (self, address->key)
         || (self->policy != NULL
             && sk_policy_same_person (self->policy, sk_desk_person (self), address->key));
}

SkReply *
sk_desk_reply (const SkDesk *self, guint code, const char *enhanced, const char *english,
               const char *japanese)
{
  g_autofree char *both = NULL;

  if (japanese == NULL || g_strcmp0 (self->settings->language, "ja") != 0)
    return sk_reply_new (code, enhanced, english);
  both = g_strdup_printf ("%s\n%s", english, japanese);
  return sk_reply_new (code, enhanced, both);
}

void
sk_desk_emit_changed (SkDesk *self, const SkMail *mail)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, mail->id, mail->revision);
}

void
sk_desk_emit_attention (SkDesk *self, const char *id, const char *kind)
{
  g_signal_emit (self, signals[SIGNAL_ATTENTION], 0, id, kind);
}

/* --- kept mail ---------------------------------------------------------------------------------- */

/* A list of its own, so that mails may be closed while it is walked. */
GPtrArray *
sk_desk_all_kept (SkDesk *self)
{
  GPtrArray *all = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer kept;

  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, NULL, &kept))
    g_ptr_array_add (all, kept);
  return all;
}

SkKept *
sk_desk_take_up (SkDesk *self, SkMail *mail)
{
  SkKept *kept = g_new0 (SkKept, 1);

  kept->mail = mail;
  g_hash_table_replace (self->kept, mail->id, kept);
  return kept;
}

typedef struct {
  SkDesk *desk;
  char *id;
  guint revision;
  json_t *events;  /* NULL: none */
  gboolean closes; /* all deliveries are over */
} Saved;

static void
saved_free (Saved *self)
{
  json_decref (self->events);
  g_object_unref (self->desk);
  g_free (self->id);
  g_free (self);
}

/* What has happened is not forgotten because a disk is full: it is written as soon as that can be done. */
static void
save_later (Saved *saved, SkKept *kept)
{
  if (kept->unsaved == NULL)
    kept->unsaved = json_array ();
  json_array_extend (kept->unsaved, saved->events);
  sk_kept_wake_after (saved->desk, kept, SAVE_AGAIN_US);
}

static void
saved_cb (const GError *error, gpointer user_data)
{
  Saved *saved = user_data;
  SkKept *kept = g_hash_table_lookup (saved->desk->kept, saved->id);

  if (error != NULL)
    g_warning ("mail=%s can't be saved: %s", saved->id, error->message);
  if (error != NULL && kept != NULL)
    save_later (saved, kept);
  else if (saved->closes)
    g_hash_table_remove (saved->desk->kept, saved->id);
  g_signal_emit (saved->desk, signals[SIGNAL_CHANGED], 0, saved->id, saved->revision);
  saved_free (saved);
}

static void
save (SkDesk *self, SkKept *kept, json_t *events)
{
  Saved *saved = g_new0 (Saved, 1);

  kept->mail->revision++;
  saved->desk = g_object_ref (self);
  saved->id = g_strdup (kept->mail->id);
  saved->revision = kept->mail->revision;
  saved->events = events;
  saved->closes = kept->mail->state == SK_MAIL_DONE;
  sk_store_save (self->store, kept->mail, events, saved_cb, saved);
}

void
sk_kept_save (SkDesk *self, SkKept *kept, const char *event, guint delivery)
{
  json_t *events = event != NULL ? json_array () : NULL;

  if (events != NULL)
    json_array_append_new (events, sk_mail_event (self, kept->mail, event, delivery));
  save (self, kept, events);
}

void
sk_kept_save_judged (SkDesk *self, SkKept *kept)
{
  save (self, kept, sk_mail_first_events (self, kept->mail));
}

void
sk_kept_save_again (SkDesk *self, SkKept *kept)
{
  if (kept->unsaved != NULL)
    save (self, kept, g_steal_pointer (&kept->unsaved));
}

/* --- policy ------------------------------------------------------------------------------------- */

void
sk_desk_set_policy (SkDesk *self, SkPolicy *policy, const char *problem)
{
  gboolean is_new = policy != self->policy;

  if (is_new)
    {
      g_clear_pointer (&self->policy, sk_policy_unref);
      self->policy = policy != NULL ? sk_policy_ref (policy) : NULL;
    }
  g_free (self->policy_problem);
  self->policy_problem = g_strdup (problem);
  if (is_new)
    self->policies++;
  sk_desk_judge_late (self);
}

void
sk_desk_set_inspection (SkDesk *self, SkBoxPool *pool, const char *problem)
{
  g_clear_pointer (&self->pool, sk_box_pool_unref);
  self->pool = pool != NULL ? sk_box_pool_ref (pool) : NULL;
  g_free (self->pool_problem);
  self->pool_problem = g_strdup (problem);
}

void
sk_desk_set_detector_problem (SkDesk *self, const char *problem)
{
  g_free (self->detector_problem);
  self->detector_problem = g_strdup (problem);
}

/* --- resume ------------------------------------------------------------------------------------- */

/* A crash between our dot and the answer: nobody knows, so nothing is sent again by itself. */
static void
resume_delivery (SkDelivery *delivery)
{
  if (delivery->state == SK_DELIVERY_SENDING)
    delivery->state = delivery->dot_sent ? SK_DELIVERY_MAY_HAVE_BEEN_SENT : SK_DELIVERY_READY;
}

static void
resume_mail (SkDesk *self, SkMail *mail)
{
  SkKept *kept = sk_desk_take_up (self, mail);

  for (guint i = 0; i < mail->deliveries->len; i++)
    resume_delivery (mail->deliveries->pdata[i]);
  sk_kept_ask_when_late (self, kept);
  sk_kept_settle (self, kept);
  sk_kept_save (self, kept, NULL, 0);
}

static void
attempt_saved_cb (const GError *error, gpointer user_data)
{
  Saved *saved = user_data;
  g_autoptr (GError) ignored = NULL;

  if (error != NULL)
    g_warning ("mail=%s was being sent when the agent ended, which can't be written down: %s (it will be "
               "tried again at the next start)",
               saved->id, error->message);
  else if (!sk_store_attempt_end (saved->desk->store, saved->id, &ignored))
    g_warning ("%s", ignored->message);
  saved_free (saved);
}

/* Its client never got an answer, and will submit again. */
static void
note_untold_attempt (SkDesk *self, const SkMail *mail, const char *path, const SkReply *reply)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();
  g_autofree char *key = NULL;
  g_autoptr (GError) error = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return;
  for (guint i = 0; i < mail->deliveries->len; i++)
    {
      const SkDelivery *delivery = mail->deliveries->pdata[i];

      for (guint j = 0; j < delivery->recipients->len; j++)
        g_ptr_array_add (addresses,
                         ((SkDeliveryRecipient *) delivery->recipients->pdata[j])->address);
    }
  g_ptr_array_add (addresses, NULL);
  key = sk_submission_key (fd, mail->mail_from, (const char *const *) addresses->pdata,
                           mail->policy_sha256);
  close (fd);
  if (key != NULL && !sk_store_untold_add (self->store, key, mail->id, reply, &error))
    g_warning ("%s", error->message);
}

static Saved *
attempt_saved_new (SkDesk *self, const SkMail *mail)
{
  Saved *saved = g_new0 (Saved, 1);

  saved->desk = g_object_ref (self);
  saved->id = g_strdup (mail->id);
  return saved;
}

/* The attempt row is written before the dot: what it names may have been sent. */
static void
resume_attempt (SkDesk *self, SkMail *mail, const char *spool_path)
{
  g_autoptr (json_t) events = json_array ();
  g_autofree char *kept_path = sk_store_message_path (self->store, mail->id);

  for (guint i = 0; i < mail->deliveries->len; i++)
    ((SkDelivery *) mail->deliveries->pdata[i])->state = SK_DELIVERY_MAY_HAVE_BEEN_SENT;
  mail->state = SK_MAIL_ACCEPTED;
  json_array_append_new (events, sk_mail_event (self, mail, "may-have-been-sent", 1));
  note_untold_attempt (self, mail, spool_path != NULL ? spool_path : kept_path, NULL);
  sk_store_keep (self->store, mail, spool_path, events, attempt_saved_cb,
                 attempt_saved_new (self, mail));
  sk_desk_take_up (self, mail);
  sk_desk_emit_attention (self, mail->id, "uncertain");
}

/* The provider had taken it; only its client may not know. */
static void
resume_answered (SkDesk *self, const SkMail *mail, const char *spool_path)
{
  const SkDelivery *delivery = mail->deliveries->pdata[0];
  g_autoptr (SkMail) recorded = sk_store_load (self->store, mail->id, NULL);

  if (spool_path != NULL)
    note_untold_attempt (self, mail, spool_path, delivery->reply);
  if (recorded == NULL)
    sk_desk_record_sent (self, mail, attempt_saved_cb, attempt_saved_new (self, mail));
  else
    sk_store_attempt_end (self->store, mail->id, NULL);
}

static gboolean
resume_attempts (SkDesk *self, GError **error)
{
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GPtrArray) attempts = sk_store_attempts (self->store, &paths, error);

  if (attempts == NULL)
    return FALSE;
  for (guint i = 0; i < attempts->len; i++)
    {
      SkMail *mail = attempts->pdata[i];

      /* It had been kept already when the end of the attempt was to be noted. */
      if (g_hash_table_contains (self->kept, mail->id))
        {
          sk_store_attempt_end (self->store, mail->id, NULL);
          continue;
        }
      if (mail->state == SK_MAIL_DONE)
        resume_answered (self, mail, paths->pdata[i]);
      else
        resume_attempt (self, sk_mail_copy (mail), paths->pdata[i]);
    }
  return TRUE;
}

gboolean
sk_desk_resume (SkDesk *self, GError **error)
{
  g_autoptr (GPtrArray) mails = sk_store_load_open (self->store, error);
  g_autoptr (GPtrArray) all = NULL;

  if (mails == NULL)
    return FALSE;
  for (guint i = 0; i < mails->len; i++)
    resume_mail (self, sk_mail_copy (mails->pdata[i]));
  if (!resume_attempts (self, error))
    return FALSE;
  sk_store_flush (self->store);
  sk_store_sweep (self->store);
  sk_desk_judge_late (self);
  all = sk_desk_all_kept (self);
  for (guint i = 0; i < all->len; i++)
    sk_kept_advance (self, all->pdata[i]);
  return TRUE;
}
