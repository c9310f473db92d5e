// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-policy.h"

#include "sk-action.h"
#include "sk-compiled.h"
#include "sk-detector.h"
#include "sk-rule.h"
#include "sk-templates.h"

#include <string.h>

SkPolicy *
sk_policy_ref (SkPolicy *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sk_policy_unref (SkPolicy *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->sha256);
  g_strfreev (self->detectors);
  g_free (self->organization);
  g_free (self->timezone_name);
  g_clear_pointer (&self->timezone, g_time_zone_unref);
  g_clear_pointer (&self->hours.holidays, g_array_unref);
  g_ptr_array_unref (self->rules);
  g_ptr_array_unref (self->resting);
  sk_people_free (self->people);
  sk_sets_free (self->sets);
  g_array_unref (self->set_scopes);
  g_ptr_array_unref (self->own_domains);
  g_ptr_array_unref (self->lists);
  g_hash_table_unref (self->treatments);
  sk_templates_free (self->templates);
  g_clear_pointer (&self->words, sk_words_free);
  g_clear_pointer (&self->lookalikes, sk_lookalikes_free);
  sk_triggers_free (self->triggers);
  sk_refusal_clear (&self->refusal);
  g_free (self->offline_then);
  g_ptr_array_unref (self->phrases_ja);
  g_ptr_array_unref (self->phrases_en);
  g_free (self);
}

guint64
sk_policy_revision (const SkPolicy *self)
{
  return self->revision;
}

void
sk_policy_set_revision (SkPolicy *self, guint64 revision)
{
  self->revision = revision;
}

const char *
sk_policy_sha256 (const SkPolicy *self)
{
  return self->sha256;
}

guint
sk_policy_rule_count (const SkPolicy *self)
{
  guint count = 0;

  for (guint i = 0; i < self->rules->len; i++)
    count += !((const SkRule *) self->rules->pdata[i])->offline;
  return count;
}

const char *
sk_policy_organization (const SkPolicy *self)
{
  return self->organization;
}

const char *
sk_policy_timezone (const SkPolicy *self)
{
  return self->timezone_name;
}

SkNeeds
sk_policy_needs (const SkPolicy *self)
{
  return self->needs;
}

gboolean
sk_policy_asks_inspection (const SkPolicy *self)
{
  return ((self->needs | self->monitor_needs) & SK_NEED_INSPECTION) != 0;
}

const char *const *
sk_policy_detectors (const SkPolicy *self)
{
  return (const char *const *) self->detectors;
}

SkNeeds
sk_policy_monitor_needs (const SkPolicy *self)
{
  return self->monitor_needs & ~self->needs;
}

gboolean
sk_policy_may_take_long (const SkPolicy *self)
{
  if (self->regexes > 0)
    return TRUE;
  for (char **name = self->detectors; *name != NULL; name++)
    if (sk_detector_find (*name)->finder->is_slow)
      return TRUE;
  return FALSE;
}

gboolean
sk_policy_same_person (const SkPolicy *self, const char *person, const char *address)
{
  g_autoptr (SkAddress) parsed = person != NULL ? sk_address_new (person, NULL) : NULL;
  const SkPerson *known = parsed != NULL ? sk_people_find (self->people, parsed->key) : NULL;

  return known != NULL && sk_people_find (self->people, address) == known;
}

char **
sk_policy_addresses (const SkPolicy *self, const char *address)
{
  const SkPerson *person = sk_people_find (self->people, address);
  guint aliases = person != NULL ? person->aliases->len : 0;
  char **addresses = g_new0 (char *, aliases + 2);

  addresses[0] = g_strdup (person != NULL ? person->key : address);
  for (guint i = 0; i < aliases; i++)
    addresses[1 + i] = g_strdup (person->aliases->pdata[i]);
  return addresses;
}

static const SkPerson *
find_person (const SkPolicy *self, const char *address)
{
  g_autoptr (SkAddress) parsed = address != NULL ? sk_address_new (address, NULL) : NULL;

  return parsed != NULL ? sk_people_find (self->people, parsed->key) : NULL;
}

const char *
sk_policy_person_name (const SkPolicy *self, const char *address)
{
  const SkPerson *person = find_person (self, address);

  return person != NULL && *person->name != '\0' ? person->name : NULL;
}

const char *
sk_policy_deputy (const SkPolicy *self, const char *address)
{
  const SkPerson *person = find_person (self, address);

  return person != NULL && person->deputy != NULL ? person->deputy->address : NULL;
}

const char *
sk_policy_manager (const SkPolicy *self, const char *address)
{
  const SkPerson *person = find_person (self, address);

  return person != NULL && person->manager != NULL ? person->manager->address : NULL;
}

const char *
sk_policy_template (const SkPolicy *self, const char *name, const char *language)
{
  return sk_templates_find (self->templates, name, language);
}

gint64
sk_policy_offline (const SkPolicy *self, const char **then)
{
  if (then != NULL)
    *then = self->offline_then;
  return self->offline_after;
}

const char *const *
sk_policy_phrases (const SkPolicy *self, const char *language, guint *count)
{
  GPtrArray *phrases = g_strcmp0 (language, "ja") == 0 ? self->phrases_ja : self->phrases_en;

  *count = phrases->len;
  return (const char *const *) phrases->pdata;
}
