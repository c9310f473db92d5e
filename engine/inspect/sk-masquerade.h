#pragma once
#include "sk-inspection.h"
SkTruth sk_masquerade (const char *name, const char *type, SkTruth encrypted);
