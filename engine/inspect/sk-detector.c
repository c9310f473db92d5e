// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector.h"
#include "sk-scan.h"

#include <string.h>

#define DEFINE(id, name, japanese) static const SkDetector id = { name, &sk_##id##_finder };
SK_DETECTORS (DEFINE)

#define ADDRESS(id, name, japanese) &id,
const SkDetector *const sk_detectors[] = { SK_DETECTORS (ADDRESS) NULL };

const char *const *
sk_detector_names (void)
{
  static const char *names[G_N_ELEMENTS (sk_detectors)];
  static gsize made;

  if (g_once_init_enter (&made))
    {
      for (gsize i = 0; sk_detectors[i] != NULL; i++)
        names[i] = sk_detectors[i]->name;
      g_once_init_leave (&made, 1);
    }
  return names;
}

const SkDetector *
sk_detector_find (const char *name)
{
  for (const SkDetector *const *detector = sk_detectors; *detector != NULL; detector++)
    if (strcmp ((*detector)->name, name) == 0)
      return *detector;
  return NULL;
}

gboolean
sk_detector_is_ready (const SkDetector *self, GError **error)
{
  return self->finder->is_ready == NULL || self->finder->is_ready (error);
}

void
sk_detectors_run (const SkDetector *const *detectors, const SkFolded *text, SkFindFunc callback,
                  gpointer user_data)
{
  g_autoptr (SkScan) scan = sk_scan_new (text);

  for (; *detectors != NULL; detectors++)
    {
      gsize n_finds;
      const SkFind *finds = sk_scan_finds (scan, (*detectors)->name, &n_finds);

      for (gsize i = 0; i < n_finds; i++)
        callback (*detectors, finds[i].start, finds[i].length, finds[i].value, user_data);
    }
}
