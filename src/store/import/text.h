// Text as export files hold it: headers made comparable, names made safe to keep.

#pragma once

#include <string>
#include <string_view>

namespace rf::imports {

// A header under which "Nom de l’ensemble", "NOM DE L'ENSEMBLE" and "  nom de l'ensemble" are the
// same: compatibility forms and case folded, quotes straightened, white space collapsed.
// Source: Unicode NFKC_Casefold (UAX #31), by ICU.
std::string fold_header(std::string_view utf8);

// False for bytes that are not UTF-8.
bool is_utf8(std::string_view text);

// Without white space at the ends; no-break and narrow spaces count as white space.
std::string_view trim(std::string_view text);

// The name trimmed and with control characters as spaces, so that it fits on one line and can be
// joined to others.
void clean_name(std::string_view name, std::string& out);

// A cell that says "nothing": empty or dashes.
bool is_blank(std::string_view trimmed);

// A CSV field for a person's spreadsheet: quoted, and a value that a spreadsheet would run as a
// formula gets an apostrophe in front.
// Source: OWASP, CSV Injection (=, +, -, @, tab and carriage return at the start).
std::string csv_field(std::string_view value);

}  // namespace rf::imports
