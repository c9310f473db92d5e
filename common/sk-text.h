/* Texts that are translated where people read them: marked here, looked up there. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#define N_(english) english
