#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "traces/text.h"

// Rows of a state in few letters, for tables.
namespace hmm {
namespace {

// What a column would be too wide for, and readers know by less.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kShort{{
    {"anon_exclusive", "excl"},
    {"contents", "data"},
    {"covers", "of"},
    {"device_exclusive", "dev_excl"},
    {"device_private", "private"},
    {"dirty", "D"},
    {"exclusive", "X"},
    {"invalidation", "range"},
    {"mapcount", "map"},
    {"mapped", "vma"},
    {"migrate_entry", "src"},
    {"migration", "migr"},
    {"overtaken", "late"},
    {"pending", "untold"},
    {"pgoff", "off"},
    {"read", "r"},
    {"refcount", "ref"},
    {"soft_dirty", "S"},
    {"stage", ""},
    {"subscription", "seq"},
    {"to_device", "there"},
    {"value", "data"},
    {"want_write", "wants_w"},
    {"write", "w"},
}};

std::string_view shortened(std::string_view name) {
  const auto found = std::lower_bound(kShort.begin(), kShort.end(), name,
                                      [](const auto& one, auto text) { return one.first < text; });
  return found != kShort.end() && found->first == name ? found->second : name;
}

// `pending[1]` as `untold1`.
std::string short_field(std::string_view name) {
  const std::size_t open = name.find('[');
  if (open == name.npos) return std::string(shortened(name));
  return fmt::format("{}{}", shortened(name.substr(0, open)),
                     name.substr(open + 1, name.size() - open - 2));
}

std::string short_value(const FieldShape& field, unsigned value) {
  switch (field.sort.noun) {
    case Noun::flag:
      return short_field(field.name);
    case Noun::enumerator:
      return std::string(shortened(print_value(field.sort, value)));
    case Noun::pfn:
      return fmt::format("{}p{}", field.name == "pfn" ? "" : short_field(field.name) + "=", value);
    case Noun::mm:
    case Noun::vpn:
    case Noun::device:
    case Noun::file:
    case Noun::region:
    case Noun::token:
    case Noun::slot:
    case Noun::count:
      return fmt::format("{}{}", short_field(field.name), value);
  }
  return {};
}

}  // namespace

std::string StateText::short_name(const PlainRow& row) const {
  return fmt::format("{}{}{}", shortened(tables_.at(row.table).name), row.index.empty() ? "" : " ",
                     fmt::join(row.index, "."));
}

std::string StateText::short_values(const PlainRow& row) const {
  std::string out;
  bool was_letter = false;  // those stand together: `rw`
  for (const auto& [i, value] : row.values) {
    const std::string one = short_value(tables_.at(row.table).fields.at(i), value);
    const bool is_letter = one.size() == 1;
    if (!out.empty() && !(is_letter && was_letter)) out += " ";
    out += one;
    was_letter = is_letter;
  }
  return out;
}

}  // namespace hmm
