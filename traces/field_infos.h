#pragma once
#include <span>
#include <string_view>

#include "model/domain/sort.h"

namespace hmm {

// The fields of the state's tables as data, for what need not be compiled anew whenever a rule
// changes.
struct FieldInfo {
  std::string_view table, name;
  Sort sort;              // of its values
  bool is_table = false;  // of flags, indexed by `index`
  Sort index{};

  bool is_count() const { return !is_table && sort.noun == Noun::count; }
  // Values of one can stand in the other.
  bool is_like(const FieldInfo& other) const {
    return table == other.table && sort.noun == other.sort.noun && sort.of == other.sort.of &&
           sort.enumeration == other.sort.enumeration && is_table == other.is_table &&
           index == other.index;
  }
};

// In the order of the state's tables and of their fields.
std::span<const FieldInfo> field_infos();

// Of each leaf of a state of scope `large`, which of them it is.
std::span<const std::size_t> field_of_leaf_at_large();

}  // namespace hmm
