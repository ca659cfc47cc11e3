#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/machine.h"
#include "traces/input.h"

// Steps and states as text. What depends on the scope's sizes is known at run time here.
namespace hmm {

struct FieldShape {
  std::string name;
  Sort sort;
};
struct StepShape {
  std::string name;
  std::vector<FieldShape> fields;
};
// In the order of Step's alternatives.
const std::vector<StepShape>& step_shapes();

// `name field=value ...`.
std::string print_step(const PlainStep& step);
// The fields may come in any order; each must come once.
PlainStep parse_step(const Scope& scope, std::string_view text, const Origin& at);

// Some fields of one row of a state.
struct PlainRow {
  std::size_t table = 0;
  std::vector<unsigned> index;
  struct Value {
    std::size_t field;
    unsigned value;
    friend bool operator==(const Value&, const Value&) = default;
  };
  std::vector<Value> values;
  friend bool operator==(const PlainRow&, const PlainRow&) = default;
};

// The tables of a state at a scope.
class StateText {
 public:
  struct Table {
    std::string name;
    std::vector<FieldShape> index;
    std::vector<FieldShape> fields;
    std::size_t rows;    // that an index reaches
    std::size_t offset;  // of the first row's first leaf
  };
  explicit StateText(const Scope& scope);

  // By PlainRow::table.
  const std::vector<Table>& tables() const { return tables_; }

  // `table index=value ... field=value ...`. A slot of something in flight is called `slot`, as in
  // the steps; a field that is itself a table is written `covers[0]=1`.
  std::string print_row(const PlainRow& row) const;
  // The index must be complete, and one field or more be given.
  PlainRow parse_row(std::string_view text, const Origin& at) const;

  void set(Leaves& state, const PlainRow& row) const;
  // The fields of `row` as they are in the state.
  PlainRow read(const Leaves& state, const PlainRow& row) const;
  // The rows that are not blank, with the fields that are not zero.
  std::vector<PlainRow> rows(const Leaves& state) const;
  // Every row, with every field.
  std::vector<PlainRow> whole_rows(const Leaves& state) const;
  // For tables: `pte 0.1` of a row, and its fields that are not zero in few letters, `private p3
  // rw`.
  std::string short_name(const PlainRow& row) const;
  std::string short_values(const PlainRow& row) const;
  // One line for each row that changed: `pte mm=0 vpn=0: kind none -> present, pfn 0 -> 1`.
  std::vector<std::string> diff(const Leaves& before, const Leaves& after) const;

 private:
  std::size_t offset_of(const PlainRow& row) const;
  std::vector<unsigned> index_of(const Table& table, std::size_t row) const;
  std::string print_index(std::size_t table, const std::vector<unsigned>& index) const;

  Scope scope_;
  std::vector<Table> tables_;
};

// A number, or the name of an enumerator.
std::string print_value(const Sort& sort, unsigned value);

}  // namespace hmm
