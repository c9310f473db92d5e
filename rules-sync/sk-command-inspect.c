// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector.h"
#include "sk-evidence.h"
#include "sk-file.h"
#include "sk-inspect.h"
#include "sk-policy-tool.h"
#include "sk-terminal-text.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A file that was inspected, as a mail or as a document; both become the same JSON, and people read that. */

static json_t *
truth_json (SkTruth truth)
{
  return truth == SK_UNKNOWN ? json_null () : json_boolean (truth == SK_YES);
}

static json_t *
text_json (const char *text, gsize length)
{
  json_t *json = text != NULL ? json_stringn (text, length) : NULL;

  return json != NULL ? json : json_null ();
}

static void
set_facts (json_t *object, const SkAttachmentFacts *facts)
{
  json_object_set_new (object, "type", facts->type != NULL ? json_string (facts->type) : json_null ());
  json_object_set_new (object, "readable", truth_json (facts->readable));
  if (facts->reason != NULL)
    json_object_set_new (object, "reason", json_string (facts->reason));
  json_object_set_new (object, "encrypted", truth_json (facts->encrypted));
  json_object_set_new (object, "disguised", truth_json (facts->disguised));
  json_object_set_new (object, "text", text_json (facts->text, facts->length));
}

static json_t *
findings_json (const SkInspection *inspection, const SkMessage *message)
{
  json_t *array = json_array ();

  for (guint i = 0; i < inspection->findings->len; i++)
    {
      const SkFinding *finding = inspection->findings->pdata[i];
      g_autoptr (SkEvidence) evidence = sk_evidence_new (finding, message, inspection);
      g_autofree char *in = sk_finding_place (finding);
      g_autofree char *at = sk_evidence_at (evidence);

      json_array_append_new (array, json_pack ("{s:s,s:s,s:s,s:s,s:s,s:s}", "kind", finding->kind, "in", in,
                                               "at", at, "text", evidence->hit, "before",
                                               evidence->before, "after", evidence->after));
    }
  return array;
}

static json_t *
attachments_json (const SkMessage *message, const SkInspection *inspection)
{
  json_t *array = json_array ();

  for (guint i = 0; i < message->attachments->len; i++)
    {
      const SkAttachment *attachment = message->attachments->pdata[i];
      json_t *object = json_pack ("{s:i,s:s*,s:I}", "index", (int) attachment->index, "name",
                                  attachment->name, "size", (json_int_t) attachment->size);

      set_facts (object, inspection->attachments->pdata[i]);
      json_array_append_new (array, object);
    }
  return array;
}

static json_t *
body_json (const SkMessage *message)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < message->texts->len; i++)
    {
      const SkText *part = message->texts->pdata[i];

      g_string_append_len (text, part->text, (gssize) part->length);
      if (text->len > 0 && text->str[text->len - 1] != '\n')
        g_string_append_c (text, '\n');
    }
  return text_json (text->str, text->len);
}

static json_t *
inspect_mail (const char *path, int fd, const SkInspectRequest *request, GError **error)
{
  g_autoptr (SkMessage) message
      = sk_message_open_fd (fd, &sk_message_default_limits, SK_MESSAGE_WANT_ALL, error);
  g_autoptr (SkInspection) inspection = NULL;
  json_t *object;

  if (message == NULL)
    return NULL;
  inspection = sk_inspect (fd, message, request);
  object = json_pack ("{s:s,s:s,s:b,s:s*,s:b,s:b,s:s,s:o,s:o,s:o}", "file", path, "type", "message/rfc822",
                      "readable", message->uninspected == NULL, "reason", message->uninspected,
                      "encrypted", message->is_encrypted, "disguised", FALSE, "subject",
                      message->subject, "text", body_json (message), "attachments",
                      attachments_json (message, inspection), "findings",
                      findings_json (inspection, message));
  return object;
}

static json_t *
document_json (const char *path, const SkInspection *inspection)
{
  SkMessage none = { .subject = (char *) "" };
  json_t *object = json_pack ("{s:s}", "file", path);

  none.texts = none.attachments = g_ptr_array_new ();
  set_facts (object, inspection->attachments->pdata[0]);
  json_object_set_new (object, "attachments", json_array ());
  json_object_set_new (object, "findings", findings_json (inspection, &none));
  g_ptr_array_unref (none.texts);
  return object;
}

static gboolean
is_mail (const SkInspection *inspection)
{
  const SkAttachmentFacts *facts = inspection->attachments->pdata[0];

  return g_strcmp0 (facts->type, "message/rfc822") == 0;
}

static json_t *
inspect (const char *path, SkBoxPool *pool, const char *const *detectors, GError **error)
{
  const SkInspectRequest request
      = { .detectors = detectors, .documents = TRUE, .pool = pool, .seconds = SK_INSPECT_SECONDS };
  g_autofree char *shown = g_filename_display_name (path), *name = g_path_get_basename (shown);
  g_autoptr (SkInspection) inspection = NULL;
  int fd = sk_file_open (path, error);
  json_t *object;

  if (fd < 0)
    return NULL;
  inspection = sk_inspect_document (fd, name, &request);
  object = is_mail (inspection) ? inspect_mail (shown, fd, &request, error)
                                : document_json (shown, inspection);
  close (fd);
  return object;
}

/* --- for people --------------------------------------------------------------------------------- */

static const char *
word (const json_t *truth, const char *yes, const char *no, const char *unknown)
{
  return json_is_true (truth) ? yes : json_is_false (truth) ? no : unknown;
}

static void
print_facts (const json_t *object)
{
  const char *type = json_string_value (json_object_get (object, "type"));
  const char *reason = json_string_value (json_object_get (object, "reason"));

  printf ("  type       %s\n", type != NULL ? type : "unknown");
  printf ("  readable   %s%s%s\n", word (json_object_get (object, "readable"), "yes", "no", "unknown"),
          reason != NULL ? ": " : "", reason != NULL ? reason : "");
  printf ("  encrypted  %s\n", word (json_object_get (object, "encrypted"), "yes", "no", "unknown"));
  printf ("  disguised  %s\n", word (json_object_get (object, "disguised"), "yes", "no", "unknown"));
}

static void
print_line (const char *line)
{
  g_auto (GStrv) cells = g_strsplit (line, "\t", -1);

  fputs ("  | ", stdout);
  for (char **cell = cells; *cell != NULL; cell++)
    {
      g_autofree char *clean = sk_terminal_text (*cell);

      printf ("%s%s", cell > cells ? "\t" : "", clean);
    }
  putchar ('\n');
}

static void
print_text (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint count = g_strv_length (lines);

  for (guint i = 0; i < count; i++)
    if (i + 1 < count || *lines[i] != '\0')
      print_line (g_strchomp (lines[i]));
}

static void
print_findings (const json_t *findings)
{
  gsize i;
  json_t *finding;

  printf ("  findings   %zu\n", json_array_size (findings));
  json_array_foreach (findings, i, finding)
    {
      g_autofree char *text = g_strdup_printf (
          "%-16s %s, %s: …%s[%s]%s…", json_string_value (json_object_get (finding, "kind")),
          json_string_value (json_object_get (finding, "in")),
          json_string_value (json_object_get (finding, "at")),
          json_string_value (json_object_get (finding, "before")),
          json_string_value (json_object_get (finding, "text")),
          json_string_value (json_object_get (finding, "after")));

      print_line (text);
    }
}

static void
print_object (const json_t *object)
{
  const json_t *attachments = json_object_get (object, "attachments");
  const char *text = json_string_value (json_object_get (object, "text"));
  g_autofree char *file = sk_terminal_text (json_string_value (json_object_get (object, "file")));
  gsize i;
  json_t *attachment;

  printf ("%s\n", file);
  print_facts (object);
  print_text (text != NULL ? text : "");
  json_array_foreach (attachments, i, attachment)
    {
      const char *name = json_string_value (json_object_get (attachment, "name"));
      const char *content = json_string_value (json_object_get (attachment, "text"));

      g_autofree char *clean = sk_terminal_text (name != NULL ? name : "(no name)");

      printf ("  attachment %zu: %s\n", i + 1, clean);
      print_facts (attachment);
      print_text (content != NULL ? content : "");
    }
  print_findings (json_object_get (object, "findings"));
}

static void
print_json (const json_t *object)
{
  json_dumpf (object, stdout, JSON_COMPACT);
  putchar ('\n');
}

int
sk_command_inspect (int argc, char **argv)
{
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One object a line", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (SkBoxPool) pool = NULL;
  int status;

  if (!sk_command_parse (&argc, &argv, "FILE…",
                         "Shows what is in mails and documents as rules see it: text, facts, and what every\n"
                         "detector finds. What it prints may be confidential.",
                         entries, 1, G_MAXINT, &status))
    return status;
  pool = sk_command_open_boxes (NULL);
  if (pool == NULL)
    return SK_EXIT_INVALID;
  status = SK_EXIT_DONE;
  for (int i = 1; i < argc; i++)
    {
      g_autoptr (GError) error = NULL;
      json_t *object = inspect (argv[i], pool, sk_detector_names (), &error);

      if (object == NULL)
        status = sk_command_fail ("%s", error->message);
      else
        (as_json ? print_json : print_object) (object);
      json_decref (object);
      fflush (stdout);
    }
  return status;
}
