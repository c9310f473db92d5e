/* What an idle agent needs not keep in memory.
 *
 * Starting touches much code once: fifty libraries' tables and constructors, the loader, the policy's
 * compiler. It stays mapped, and counts as ours, for as long as nothing needs the room.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/* Gives free heap back to the system and unmaps the pages of code that were touched. They stay in the system's page
 * cache, and come back one small page fault each when they are called again (some 0.1 ms for a whole mail).
 * Costs about a millisecond; for when nothing is under way. */
void sk_memory_give_back (void);
