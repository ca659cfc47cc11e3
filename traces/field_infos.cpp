#include "traces/field_infos.h"

#include <vector>

#include "model/scopes.h"
#include "model/state.h"

namespace hmm {
namespace {

using D = Concrete<kLarge>;

template <class Row>
void add_fields(std::string_view table, std::vector<FieldInfo>& to) {
  for_each_field<Row>([&](const auto& f) {
    using Value = std::remove_cvref_t<decltype(std::declval<Row>().*f.at)>;
    FieldInfo info{table, f.name, f.sort};
    if constexpr (is_grid<Value>) {
      info.is_table = true;
      info.index = Value::sorts[0];
    }
    to.push_back(info);
  });
}

std::vector<FieldInfo> make_infos() {
  std::vector<FieldInfo> infos;
  for_each_field<State<D>>([&](const auto& table) {
    using Table = std::remove_cvref_t<decltype(std::declval<State<D>>().*table.at)>;
    if constexpr (is_grid<Table>)
      add_fields<typename Table::Row>(table.name, infos);
    else
      add_fields<Table>(table.name, infos);
  });
  return infos;
}

template <class Row>
void add_leaves(std::size_t& field, std::vector<std::size_t>& to) {
  for_each_field<Row>([&](const auto& f) {
    using Value = std::remove_cvref_t<decltype(std::declval<Row>().*f.at)>;
    if constexpr (is_grid<Value>)
      to.insert(to.end(), Value::size, field);
    else
      to.push_back(field);
    ++field;
  });
}

std::vector<std::size_t> make_leaves() {
  std::vector<std::size_t> leaves;
  std::size_t field = 0;
  for_each_field<State<D>>([&](const auto& table) {
    using Table = std::remove_cvref_t<decltype(std::declval<State<D>>().*table.at)>;
    if constexpr (is_grid<Table>) {
      const std::size_t first = field;
      for (std::size_t i = 0; i < Table::size; ++i) {
        field = first;
        add_leaves<typename Table::Row>(field, leaves);
      }
    } else {
      add_leaves<Table>(field, leaves);
    }
  });
  return leaves;
}

}  // namespace

std::span<const std::size_t> field_of_leaf_at_large() {
  static const std::vector<std::size_t> leaves = make_leaves();
  return leaves;
}

std::span<const FieldInfo> field_infos() {
  static const std::vector<FieldInfo> infos = make_infos();
  return infos;
}

}  // namespace hmm
