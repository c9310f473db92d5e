// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-problem.h"

#include <string.h>

#define KEPT 1000

void
sk_problem_free (SkProblem *self)
{
  if (self == NULL)
    return;
  g_free (self->file);
  g_free (self->message);
  g_free (self);
}

char *
sk_problem_to_string (const SkProblem *self)
{
  const char *kind = self->warning ? "warning: " : "";

  if (self->line == 0)
    return g_strdup_printf ("%s: %s%s", self->file, kind, self->message);
  if (self->column == 0)
    return g_strdup_printf ("%s:%u: %s%s", self->file, self->line, kind, self->message);
  return g_strdup_printf ("%s:%u:%u: %s%s", self->file, self->line, self->column, kind,
                          self->message);
}

void
sk_problems_init (SkProblems *self)
{
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_problem_free);
  self->errors = self->warnings = 0;
}

void
sk_problems_clear (SkProblems *self)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
}

void
sk_problems_add_valist (SkProblems *self, gboolean warning, const char *file, guint line,
                        guint column, const char *format, va_list arguments)
{
  SkProblem *problem;
  guint *count = warning ? &self->warnings : &self->errors;

  if (++*count > KEPT)
    return;
  problem = g_new0 (SkProblem, 1);
  problem->file = g_strdup (file);
  problem->line = line;
  problem->column = column;
  problem->warning = warning;
  problem->message = g_strdup_vprintf (format, arguments);
  g_ptr_array_add (self->items, problem);
}

void
sk_problems_add (SkProblems *self, gboolean warning, const char *file, guint line, guint column,
                 const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  sk_problems_add_valist (self, warning, file, line, column, format, arguments);
  va_end (arguments);
}

/* The number at *text, which then points behind the colon that follows it; 0 when there is none. */
static guint
take_number (const char **text)
{
  char *end;
  guint64 number = g_ascii_strtoull (*text, &end, 10);

  if (end == *text || *end != ':' || number > G_MAXUINT / 2)
    return 0;
  *text = end + 1;
  return (guint) number;
}

void
sk_problems_add_error (SkProblems *self, const char *file, const GError *error)
{
  const char *message = error->message;
  gsize length = strlen (file);
  guint line = 0, column = 0;

  if (g_str_has_prefix (message, file) && message[length] == ':')
    {
      message += length + 1;
      line = take_number (&message);
      column = line != 0 ? take_number (&message) : 0;
      while (*message == ' ')
        message++;
    }
  sk_problems_add (self, FALSE, file, line, column, "%s", message);
}

void
sk_problems_close (SkProblems *self, const char *file)
{
  guint errors = self->errors, warnings = self->warnings;
  SkProblem *problem;

  if (errors <= KEPT && warnings <= KEPT)
    return;
  problem = g_new0 (SkProblem, 1);
  problem->file = g_strdup (file);
  problem->warning = errors <= KEPT;
  problem->message = g_strdup_printf ("%u more %s not shown", MAX (errors, warnings) - KEPT,
                                      errors > KEPT ? "errors are" : "warnings are");
  g_ptr_array_add (self->items, problem);
}

/* --- encodings ------------------------------------------------------------------------------ */

static gboolean
is_utf16 (const char *text, gsize length)
{
  return length >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0);
}

static const char *
name_encoding (const char *text, gsize length, const char *bad)
{
  g_autofree char *converted = NULL;

  if (is_utf16 (text, length))
    return "UTF-16, not UTF-8; save it as UTF-8, or convert it with: iconv -f UTF-16 -t UTF-8";
  if (bad < text + length && *bad == '\0')
    return "a NUL byte: this is no text file; take it out, or save the file as UTF-8 text again";
  converted = g_convert (text, (gssize) length, "UTF-8", "CP932", NULL, NULL, NULL);
  if (converted != NULL)
    return "CP932 (Shift_JIS), not UTF-8; save it as UTF-8, or convert it with: iconv -f CP932 -t "
           "UTF-8";
  return "not UTF-8; save it as UTF-8";
}

gboolean
sk_problems_check_encoding (SkProblems *self, const char *file, const char *text, gsize length)
{
  const char *bad, *start = text;
  guint line = 1;

  if (g_utf8_validate_len (text, length, &bad))
    return TRUE;
  for (const char *p = text; p < bad; p++)
    if (*p == '\n')
      {
        line++;
        start = p + 1;
      }
  sk_problems_add (self, FALSE, file, line, (guint) g_utf8_strlen (start, bad - start) + 1, "%s",
                   name_encoding (text, length, bad));
  return FALSE;
}

static int
compare_problems (gconstpointer a, gconstpointer b)
{
  const SkProblem *x = *(SkProblem *const *) a, *y = *(SkProblem *const *) b;

  if (strcmp (x->file, y->file) != 0)
    return 0;
  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  return x->column < y->column ? -1 : x->column > y->column;
}

/* An insertion sort: it is stable, and the problems of a file already stand nearly in order. */
void
sk_problems_sort (SkProblems *self)
{
  for (guint i = 1; i < self->items->len; i++)
    for (guint j = i; j > 0; j--)
      {
        gpointer *pair = &self->items->pdata[j - 1];
        gpointer first = pair[0];

        if (compare_problems (&pair[0], &pair[1]) <= 0)
          break;
        pair[0] = pair[1];
        pair[1] = first;
      }
}
