// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-because.h"

#include "agent/ctl/sk-ctl-findings.h"
#include "agent/ctl/sk-ctl-print.h"
#include "agent/ctl/sk-ctl-text.h"
#include "sk-because.h"
#include "sk-obstacle.h"

#include <string.h>

char *
sk_ctl_obstacle (const char *reason)
{
  return sk_ctl_is_japanese () ? sk_obstacle_told_in_japanese (reason) : g_strdup (reason);
}

/* Searches say what was counted: "マイナンバー 1 件（1 つの添付ファイルの中）". Words are told in English ("a or b"), so they
 * are left out. */
static void
add_count (GString *text, const char *code, const json_t *args)
{
  const char *what = sk_ctl_text_of (args, "what");
  int count = (int) json_integer_value (json_object_get (args, "count"));

  if (g_str_has_suffix (code, ".words"))
    what = "words";
  else if (g_str_has_suffix (code, ".regex"))
    g_string_append_printf (text, "%s ", sk_ctl_kind ("regex"));
  g_string_append_printf (text, "%s %d 件", sk_ctl_kind (what), count);
  if (json_object_get (args, "attachment") != NULL)
    g_string_append (text, "（1 つの添付ファイルの中）");
}

static void
add_japanese (GString *text, const char *code, const json_t *args)
{
  const char *about = sk_because_in_japanese (code), *name = sk_ctl_text_of (args, "name");

  if (*sk_ctl_text_of (args, "what") != '\0')
    add_count (text, code, args);
  else if (about != NULL)
    g_string_append (text, about);
  if (text->len > 0 && *name != '\0')
    g_string_append_printf (text, "（%s）", name);
}

char *
sk_ctl_because (const json_t *because)
{
  const json_t *args = json_object_get (because, "args");
  const char *english = sk_ctl_text_of (because, "text");
  g_autoptr (GString) text = g_string_new (NULL);

  if (!sk_ctl_is_japanese ())
    return g_strdup (english);
  add_japanese (text, sk_ctl_text_of (because, "code"), args);
  if (text->len > 0 && *sk_ctl_text_of (args, "unknown") != '\0')
    g_string_append (text, "、確認できないものがあります");
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : g_strdup (english);
}
