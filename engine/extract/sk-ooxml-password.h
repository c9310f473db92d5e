/* Encrypted OOXML packages ([MS-OFFCRYPTO] 2.3.4: standard and agile encryption) under Office's own
 * password. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

/* `info` and `package`: the streams EncryptionInfo and EncryptedPackage. The package itself; NULL:
 * it has another password, or is encrypted in another way. */
GBytes *sk_ooxml_decrypt (SkBytes info, SkBytes package);
/* Does the password fit? Takes up to half a second. */
gboolean sk_ooxml_has_own_password (SkBytes info);
