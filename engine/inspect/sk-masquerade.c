#include "sk-masquerade.h"
SkTruth sk_masquerade (const char *name, const char *type, SkTruth encrypted) { return SK_NO; }
