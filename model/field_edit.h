#pragma once
#include <string_view>

namespace hmm {

// A step that does something else to one field of a table than its text says: what the text says,
// and one more or one less wherever that changes a number, or as if it had meant another field of
// the same row. Such a kernel has a bug; what tells it from one that has none is worth something.
struct FieldEdit {
  enum class Kind { none, one_more, one_less, swapped };
  Kind kind = Kind::none;
  // Of field_infos() and step_infos(), which they must be of: `migrate_device_unmap`, `page`,
  // `refcount`; and the other field, if the two are swapped.
  std::string_view step, table, field, other;

  constexpr bool is_of(std::string_view name) const { return kind != Kind::none && step == name; }
  friend constexpr bool operator==(const FieldEdit&, const FieldEdit&) = default;
};

}  // namespace hmm
