/* Japanese postal addresses: 東京都千代田区丸の内1-2-3.
 *
 * The prefecture may be missing where no other municipality has the name. A place alone is no address: a
 * town or numbers must follow. The value is the address in one spelling, up to its last number, so that
 * 千代田区丸の内一丁目2番3号 counts as the same. In a table its parts may stand in neighbouring cells.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-detector.h"

extern const SkDetector sk_detect_address;
