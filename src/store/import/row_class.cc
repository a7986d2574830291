#include "store/import/row_class.h"

#include <algorithm>
#include <array>

#include "store/import/text.h"

namespace rf::imports {
namespace {

constexpr auto kEntityRoles =
    std::to_array<Role>({Role::campaign_id, Role::campaign_name, Role::adset_id, Role::adset_name,
                         Role::ad_id, Role::ad_name, Role::ad_stand_in});

bool filled(const Layout& layout, const TableRow& row, Role role) {
  return !is_blank(cell_text(row, layout.column(role)));
}

bool has_own_name(const Layout& layout, const TableRow& row) {
  switch (layout.level) {
    case Level::ad:
      return filled(layout, row, Role::ad_id) || filled(layout, row, Role::ad_name) ||
             filled(layout, row, Role::ad_stand_in) || !layout.constants.ad_name.empty() ||
             !layout.constants.ad_id.empty();
    case Level::adset:
      return filled(layout, row, Role::adset_id) || filled(layout, row, Role::adset_name) ||
             !layout.constants.adset_name.empty() || !layout.constants.adset_id.empty();
    case Level::campaign:
    case Level::account: break;
  }
  return filled(layout, row, Role::campaign_id) || filled(layout, row, Role::campaign_name) ||
         !layout.constants.campaign_name.empty() || !layout.constants.campaign_id.empty();
}

bool has_any_name(const Layout& layout, const TableRow& row) {
  return std::ranges::any_of(kEntityRoles, [&](Role role) { return filled(layout, row, role); });
}

bool has_date(const Layout& layout, const TableRow& row) {
  if (!layout.has(Role::day)) return false;
  std::string_view text = cell_text(row, layout.column(Role::day));
  const auto kind = parse_date(text, DateOrder::month_first).kind;
  // What is no date in any order is a fault of the row, but for a label that stands in its place.
  return kind == DateReading::Kind::day ||
         (kind == DateReading::Kind::bad && !is_total_label(text));
}

bool is_labelled_total(const Layout& layout, const TableRow& row) {
  if (is_total_label(label_of(row))) return true;
  return std::ranges::any_of(
      kEntityRoles, [&](Role role) { return is_total_label(cell_text(row, layout.column(role))); });
}

// A pivot's subtotal: "All" or nothing where the parts stand.
bool is_part_sum(const Layout& layout, const TableRow& row) {
  if (layout.breakdowns.empty()) return false;
  bool any_all = false;
  bool all_blank = true;
  for (const BreakdownColumn& each : layout.breakdowns) {
    std::string_view text = cell_text(row, each.column);
    any_all |= text == "All" || text == "all";
    all_blank &= is_blank(text);
  }
  return any_all || all_blank;
}

}  // namespace

std::string_view cell_text(const TableRow& row, int column) {
  if (column < 0 || static_cast<std::size_t>(column) >= row.cells.size()) return {};
  std::string_view text = row.cells[static_cast<std::size_t>(column)].text;
  const auto edge = [](char c) { return c <= ' ' || static_cast<unsigned char>(c) >= 0x80; };
  if (text.empty() || (!edge(text.front()) && !edge(text.back()))) return text;
  return trim(text);
}

bool is_total_label(std::string_view text) {
  constexpr auto kFirst =
      std::to_array<char>({'T', 't', 'G', 'g', 'S', 's', '\xC3', '\xE5', '\xE6', '\xE7'});
  if (text.empty() || std::ranges::find(kFirst, text.front()) == kFirst.end()) return false;
  const std::string folded = fold_header(text);
  if (folded == "total" || folded.starts_with("total of ")) return true;
  constexpr auto kWords =
      std::to_array<std::string_view>({"total", "totals", "totale", "totaal", "gesamt", "summe",
                                       "összesen", "合計", "总计", "總計"});
  const std::size_t colon = folded.find(':');
  if (colon == std::string::npos) return false;
  const std::string_view word = trim(std::string_view(folded).substr(0, colon));
  return std::ranges::find(kWords, word) != kWords.end();
}

RowClass classify(const Layout& layout, const TableRow& row) {
  const bool dated = has_date(layout, row);
  const bool total_possible = !dated && layout.grain == Grain::day;
  if (total_possible && is_labelled_total(layout, row)) return RowClass::total;
  if (!has_own_name(layout, row)) {
    const bool unnamed_total = layout.platform == Platform::meta || total_possible;
    if (!unnamed_total) return RowClass::nameless;
    return has_any_name(layout, row) ? RowClass::subtotal : RowClass::total;
  }
  if (layout.has(Role::day) && !dated) return RowClass::subtotal;
  return is_part_sum(layout, row) ? RowClass::subtotal : RowClass::entity;
}

std::string_view label_of(const TableRow& row) {
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    std::string_view text = cell_text(row, static_cast<int>(i));
    if (!is_blank(text)) return text;
  }
  return {};
}

}  // namespace rf::imports
