// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-print.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

void
sk_ctl_print_json (const json_t *json)
{
  char *text = json_dumps (json, JSON_INDENT (2) | JSON_PRESERVE_ORDER);

  puts (text);
  free (text);
}

static const char *
text_of (const json_t *object, const char *key)
{
  const char *text = json_string_value (json_object_get (object, key));

  return text != NULL ? text : "";
}

/* Columns by width on the screen: Japanese takes two. Control characters never reach the terminal. */
static void
print_padded (const char *text, int width)
{
  int column = 0;

  for (const char *at = text; *at != '\0' && (width == 0 || column < width); at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_iscntrl (c))
        c = '?';
      column += g_unichar_iswide (c) ? 2 : 1;
      if (width != 0 && column > width)
        {
          column -= 2;
          break;
        }
      char encoded[7] = { 0 };
      g_unichar_to_utf8 (c, encoded);
      fputs (encoded, stdout);
    }
  printf ("%*s", width > column ? width - column : 0, "");
}

static char *
local_time (const char *rfc3339)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_iso8601 (rfc3339, NULL);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("");
}

static const char *
waits_for (const json_t *delivery)
{
  json_t *gate;
  gsize index;

  json_array_foreach (json_object_get (delivery, "gates"), index, gate)
    if (json_is_false (json_object_get (gate, "open")))
      return *text_of (gate, "until") != '\0' ? text_of (gate, "until") : text_of (gate, "reason");
  return text_of (delivery, "next-try");
}

static void
print_delivery (const json_t *delivery)
{
  const char *waits = waits_for (delivery);
  g_autofree char *until = local_time (waits);
  json_t *recipient;
  gsize index;

  printf ("    ");
  print_padded (text_of (delivery, "state"), 20);
  json_array_foreach (json_object_get (delivery, "recipients"), index, recipient)
    {
      fputs (index > 0 ? ", " : "", stdout);
      print_padded (json_string_value (recipient), 0);
    }
  if (*waits != '\0')
    printf ("  (%s)", *until != '\0' ? until : waits);
  if (*text_of (delivery, "reply") != '\0')
    {
      printf ("\n        ");
      print_padded (text_of (delivery, "reply"), 0);
    }
  putchar ('\n');
}

static void
print_head (const json_t *mail)
{
  g_autofree char *submitted = local_time (text_of (mail, "submitted"));

  printf ("%s  %s  ", text_of (mail, "id"), submitted);
  print_padded (text_of (mail, "state"), 11);
  print_padded (text_of (mail, "subject"), 0);
  putchar ('\n');
}

static void
print_deliveries (const json_t *mail)
{
  json_t *delivery;
  gsize index;

  json_array_foreach (json_object_get (mail, "deliveries"), index, delivery)
    print_delivery (delivery);
}

void
sk_ctl_print_list (const json_t *mails)
{
  json_t *mail;
  gsize index;

  if (json_array_size (mails) == 0)
    puts ("nothing waits");
  json_array_foreach (mails, index, mail)
    {
      print_head (mail);
      print_deliveries (mail);
    }
}

void
sk_ctl_print_mail (const json_t *mail)
{
  json_t *rule;
  gsize index;

  print_head (mail);
  print_deliveries (mail);
  json_array_foreach (json_object_get (json_object_get (mail, "verdict"), "rules"), index, rule)
    {
      printf ("    rule %s: ", text_of (rule, "id"));
      print_padded (text_of (json_object_get (rule, "because"), "text"), 0);
      putchar ('\n');
    }
}

void
sk_ctl_print_history (const json_t *rows)
{
  json_t *row;
  gsize index;

  json_array_foreach (rows, index, row)
    {
      print_padded (text_of (row, "address"), 40);
      printf (" %s\n", text_of (row, "last"));
    }
}

void
sk_ctl_print_status (const json_t *status)
{
  const json_t *policy = json_object_get (status, "policy");
  const json_t *upstream = json_object_get (status, "upstream");
  const char *state;
  json_t *count;

  printf ("agent      %s, for %s, on %s\n", text_of (status, "version"), text_of (status, "person"),
          text_of (status, "listen"));
  if (json_is_true (json_object_get (policy, "in-force")))
    printf ("policy     %s, %" JSON_INTEGER_FORMAT " rules, sha256 %.16s\n",
            text_of (policy, "organization"),
            json_integer_value (json_object_get (policy, "rules")), text_of (policy, "sha256"));
  else
    puts ("policy     none is in force: all mail is held");
  if (*text_of (policy, "problem") != '\0')
    printf ("           the newest could not be used:\n%s\n", text_of (policy, "problem"));
  printf ("provider   %s, %s\n", text_of (upstream, "url"),
          json_is_true (json_object_get (upstream, "online")) ? "online" : "offline");
  json_object_foreach ((json_t *) json_object_get (status, "deliveries"), state, count)
    printf ("           %" JSON_INTEGER_FORMAT " %s\n", json_integer_value (count), state);
}
