/* The detectors there are, for the table in sk-detector.c. One row each, in the order of the policy
 * language's list; the file of that name has it.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-detector.h"

extern const SkDetector sk_credit_card_detector;
extern const SkDetector sk_digits_16_detector;
extern const SkDetector sk_address_detector;
extern const SkDetector sk_person_name_detector;
extern const SkDetector sk_personal_list_detector;
extern const SkDetector sk_my_number_detector;
extern const SkDetector sk_corporate_number_detector;
extern const SkDetector sk_phone_number_detector;
extern const SkDetector sk_postal_code_detector;
extern const SkDetector sk_email_address_detector;
extern const SkDetector sk_bank_account_detector;
extern const SkDetector sk_birth_date_detector;
