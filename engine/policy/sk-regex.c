// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-regex.h"

#include "sk-error.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Most of a text is searched by an expression compiled as it is; counting steps costs two to eight
 * times as much. The first SAMPLE of every block is searched with counting: what the rest of the block
 * costs is taken from that. Two things keep a place that no sample saw from costing much more: the few
 * tries of BARE_LIMIT, and that a search sees only MARGIN bytes behind where a match may begin. Where it
 * meets one of them, or the sample was dear, the whole block is searched with counting, which sees
 * all of the text. So results are those of counting alone, and effort is the same on every machine.
 * Blocks are of uneven length, lest a text that repeats itself hides its dear parts. */
enum {
  BLOCK = 8192, /* on average */
  SAMPLE = 512,
  SLICE = 512,
  MARGIN = 512,
  BARE_LIMIT = 32,
  DEAR_STEPS = 8, /* a byte */
};

/* Of one attempt, what an expression of good will stays far below: it leaves the others their part
 * of the effort. PCRE2 counts anew from each character at which a match may begin, so this bounds no
 * text; the callouts do. */
#define MATCH_LIMIT 10000000
/* As many bytes are walked over in the time of one step. */
#define BYTES_A_STEP 16
#define MATCHES 10000
#define STACK_LEAST 32768
#define STACK_MOST (1 << 20)
#define OPTIONS (PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT)

struct _SkRegex {
  pcre2_code *code;
  pcre2_code *bare; /* the same without callouts; NULL where the parts of a text can't be searched alone */
  pcre2_match_context *context, *bare_context;
  gboolean compares; /* with what a group took: each step may compare as much */
};

/* Steps being counted. */
typedef struct {
  gint64 *effort;
  gboolean compares;
  gsize last; /* where the last step was */
} Walk;

/* One text being searched. */
typedef struct {
  const SkRegex *regex;
  const char *text;
  gsize length, offset; /* the next match begins here or behind */
  gint64 *effort;
  Walk walk;
  pcre2_match_context *context, *bare_context;
  pcre2_match_data *data;
  gsize block_end;
  gsize counted_until; /* so far it is searched with counting */
  gint64 sample_steps;
  gsize sample_bytes;
} Search;

static void
free_stack (gpointer stack)
{
  pcre2_jit_stack_free (stack);
}

static GPrivate thread_stack = G_PRIVATE_INIT (free_stack);

/* Compiled code takes its stack from here, one a thread: PCRE2's own 32 KiB are too small for
 * alternatives repeated over a page of text. */
static pcre2_jit_stack *
stack_cb (gpointer user_data)
{
  pcre2_jit_stack *stack = g_private_get (&thread_stack);

  if (stack == NULL)
    {
      stack = pcre2_jit_stack_create (STACK_LEAST, STACK_MOST, NULL);
      g_private_set (&thread_stack, stack);
    }
  return stack;
}

/* Called before each item of the expression that is tried. */
static int
step_cb (pcre2_callout_block *step, void *user_data)
{
  Walk *walk = user_data;
  gsize from = walk->compares ? step->start_match : walk->last;

  *walk->effort -= 1;
  if (step->current_position > from)
    *walk->effort -= (gint64) ((step->current_position - from) / BYTES_A_STEP);
  walk->last = step->current_position;
  return *walk->effort < 0 ? PCRE2_ERROR_CALLOUT : 0;
}

static gboolean
has_back_references (const pcre2_code *code)
{
  uint32_t most = 0;

  pcre2_pattern_info (code, PCRE2_INFO_BACKREFMAX, &most);
  return most > 0;
}

/* Parts of a text can't be searched one after the other where a match may only begin where the search
 * does, or a verb says where it goes on. */
static gboolean
needs_whole (const pcre2_code *code, const char *expression)
{
  uint32_t options = 0, first = 0;

  pcre2_pattern_info (code, PCRE2_INFO_ALLOPTIONS, &options);
  pcre2_pattern_info (code, PCRE2_INFO_FIRSTCODETYPE, &first);
  return (options & PCRE2_ANCHORED) != 0 || first == 2 /* a line's start */
         || strstr (expression, "(*") != NULL || strstr (expression, "\\G") != NULL;
}

static pcre2_code *
compile (const char *expression, uint32_t more_options, GError **error)
{
  int code;
  gsize offset;
  pcre2_code *compiled = pcre2_compile ((PCRE2_SPTR) expression, PCRE2_ZERO_TERMINATED,
                                        OPTIONS | more_options, &code, &offset, NULL);

  if (compiled == NULL)
    {
      PCRE2_UCHAR message[256];

      pcre2_get_error_message (code, message, sizeof message);
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "'%s' is no regular expression: %s (at character %" G_GSIZE_FORMAT ")",
                   expression, (const char *) message, offset + 1);
    }
  return compiled;
}

static pcre2_match_context *
make_context (uint32_t match_limit)
{
  pcre2_match_context *context = pcre2_match_context_create (NULL);

  pcre2_set_match_limit (context, match_limit);
  pcre2_set_heap_limit (context, 20000);
  pcre2_jit_stack_assign (context, stack_cb, NULL);
  return context;
}

/* Without JIT it would be no quicker. */
static void
compile_bare (SkRegex *self, const char *expression)
{
  if (needs_whole (self->code, expression))
    return;
  self->bare = compile (expression, 0, NULL);
  if (self->bare == NULL || pcre2_jit_compile (self->bare, PCRE2_JIT_PARTIAL_HARD) == 0)
    return;
  pcre2_code_free (self->bare);
  self->bare = NULL;
}

SkRegex *
sk_regex_new (const char *expression, GError **error)
{
  pcre2_code *code = compile (expression, PCRE2_AUTO_CALLOUT, error);
  SkRegex *self;

  if (code == NULL)
    return NULL;
  self = g_new0 (SkRegex, 1);
  self->code = code;
  self->compares = has_back_references (code);
  pcre2_jit_compile (self->code, PCRE2_JIT_COMPLETE);
  compile_bare (self, expression);
  self->context = make_context (MATCH_LIMIT);
  self->bare_context = make_context (BARE_LIMIT);
  return self;
}

void
sk_regex_free (SkRegex *self)
{
  if (self == NULL)
    return;
  pcre2_code_free (self->code);
  pcre2_code_free (self->bare);
  pcre2_match_context_free (self->context);
  pcre2_match_context_free (self->bare_context);
  g_free (self);
}

/* Where a character begins: at `at` or a little before. */
static gsize
character_at (const Search *self, gsize at)
{
  if (at >= self->length)
    return self->length;
  while ((self->text[at] & 0xc0) == 0x80)
    at--;
  return at;
}

/* A match that begins in [offset, end); at the text's end also behind its last character. */
static int
search_counting (Search *self, gsize end)
{
  pcre2_set_offset_limit (self->context, end < self->length ? end - 1 : PCRE2_UNSET);
  return pcre2_match (self->regex->code, (PCRE2_SPTR) self->text, self->length, self->offset,
                      PCRE2_NO_UTF_CHECK, self->data, self->context);
}

/* The same, which may be any other error when it can't tell: PCRE2 takes the end of what is seen for
 * more text to come, also for $. */
static int
search_bare (Search *self, gsize end)
{
  gsize seen = character_at (self, end + MARGIN);

  pcre2_set_offset_limit (self->bare_context, end - 1);
  return pcre2_match (self->regex->bare, (PCRE2_SPTR) self->text, seen, self->offset,
                      PCRE2_NO_UTF_CHECK | PCRE2_PARTIAL_HARD, self->data, self->bare_context);
}

/* Behind the match just found; an empty one goes on one character. */
static gsize
behind_match (const Search *self)
{
  const PCRE2_SIZE *bounds = pcre2_get_ovector_pointer (self->data);
  gsize from;

  /* \K can end a match before where it began looking. */
  if (bounds[1] > self->offset && bounds[1] > bounds[0])
    return bounds[1];
  from = MAX (bounds[1], self->offset);
  return from < self->length ? (gsize) (g_utf8_next_char (self->text + from) - self->text)
                             : self->length + 1;
}

static void
enter_block (Search *self)
{
  guint32 uneven = (guint32) (self->offset / SAMPLE) * 2654435761u >> 16;

  self->block_end = character_at (self, self->offset + BLOCK / 2 + uneven % BLOCK);
  self->counted_until = character_at (self, self->offset + SAMPLE);
  self->sample_steps = 0;
  self->sample_bytes = 0;
}

/* The next block's first part, or what is left of a block that proved dear. */
static int
count_on (Search *self)
{
  gint64 effort = *self->effort;
  gsize from = self->offset, end = self->counted_until;
  int result;

  self->walk.last = from;
  result = search_counting (self, end);
  if (result >= 0)
    self->offset = behind_match (self);
  else if (result == PCRE2_ERROR_NOMATCH)
    self->offset = end < self->length ? end : self->length + 1;
  self->sample_steps += effort - *self->effort;
  self->sample_bytes += self->offset - from;
  if (self->sample_steps > (gint64) self->sample_bytes * DEAR_STEPS)
    self->counted_until = self->block_end;
  return result;
}

static void
charge_bare (Search *self, gsize bytes)
{
  *self->effort -= (gint64) (bytes / BYTES_A_STEP);
  *self->effort -= self->sample_steps * (gint64) bytes / (gint64) MAX (self->sample_bytes, 1);
}

static int
go_on_bare (Search *self)
{
  gsize from = self->offset, end = MIN (self->block_end, character_at (self, from + SLICE));
  int result = search_bare (self, end);

  if (result >= 0)
    self->offset = behind_match (self);
  else if (result == PCRE2_ERROR_NOMATCH)
    self->offset = end;
  else
    self->counted_until = self->block_end;
  charge_bare (self, self->offset - from);
  return result >= 0 ? result : PCRE2_ERROR_NOMATCH;
}

/* Searches some of the text: less than zero but for PCRE2_ERROR_NOMATCH when effort ended it. */
static int
search_some (Search *self)
{
  gboolean near_end = self->length - self->offset < SAMPLE + SLICE + MARGIN;

  if (self->regex->bare == NULL || near_end)
    {
      self->counted_until = self->length;
      return count_on (self);
    }
  if (self->offset >= self->block_end)
    enter_block (self);
  if (self->offset < self->counted_until)
    return count_on (self);
  return go_on_bare (self);
}

/* FALSE: no further match, or *complete FALSE. */
static gboolean
find_next (Search *self, gboolean *complete)
{
  int result = PCRE2_ERROR_NOMATCH;

  while (result == PCRE2_ERROR_NOMATCH && *self->effort >= 0 && self->offset <= self->length)
    result = search_some (self);
  if (result == PCRE2_ERROR_NOMATCH && self->offset <= self->length)
    *complete = FALSE;
  if (result < 0 && result != PCRE2_ERROR_NOMATCH)
    *complete = FALSE;
  return result >= 0;
}

static void
begin_search (Search *self)
{
  self->walk.effort = self->effort;
  self->walk.compares = self->regex->compares;
  self->context = pcre2_match_context_copy (self->regex->context);
  self->bare_context = pcre2_match_context_copy (self->regex->bare_context);
  self->data = pcre2_match_data_create (1, NULL);
  pcre2_set_callout (self->context, step_cb, &self->walk);
  enter_block (self);
}

static void
end_search (Search *self)
{
  pcre2_match_context_free (self->context);
  pcre2_match_context_free (self->bare_context);
  pcre2_match_data_free (self->data);
}

guint
sk_regex_count (const SkRegex *self, const char *text, gsize length, guint enough, gint64 *effort,
                gboolean *complete)
{
  Search search = { .regex = self, .text = text, .length = length, .effort = effort };
  guint most = MIN (enough, MATCHES), count = 0;

  begin_search (&search);
  *complete = *effort > 0;
  while (*complete && count < most && find_next (&search, complete))
    count++;
  if (count == MATCHES && count < enough)
    *complete = FALSE;
  end_search (&search);
  return count;
}

void
sk_regex_each (const SkRegex *self, const char *text, gsize length, gint64 *effort,
               SkRegexFunc callback, gpointer user_data)
{
  Search search = { .regex = self, .text = text, .length = length, .effort = effort };
  const PCRE2_SIZE *bounds;
  gboolean complete = *effort > 0;

  begin_search (&search);
  bounds = pcre2_get_ovector_pointer (search.data);
  for (guint count = 0; complete && count < MATCHES && find_next (&search, &complete); count++)
    if (!callback (bounds[0], bounds[1] - bounds[0], user_data))
      break;
  end_search (&search);
}
