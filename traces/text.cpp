#include "traces/text.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "model/state.h"
#include "model/step_infos.h"
#include "traces/nearest.h"

namespace hmm {
namespace {

// A value of a state may also be 0, which stands for none.
Range legal_in_state(const Sort& sort, const Scope& scope) {
  const Range range = range_of(sort, scope);
  return {0, range.count == 0 ? 1 : range.last() + 1};
}

std::string print_legal(const FieldShape& field, const Range& legal, const Scope& scope) {
  if (legal.count == 0) return fmt::format("no {}, which the scope has none of", field.name);
  if (field.sort.enumeration != nullptr) {
    std::string names;
    for (unsigned v = 0; v < field.sort.enumeration->names.size(); ++v)
      if (has_enumerator(field.sort, v, scope))
        names += (v == 0 ? "" : "|") + std::string(field.sort.enumeration->names[v]);
    return fmt::format("{}={}", field.name, names);
  }
  if (legal.count == 1) return fmt::format("{}={}, as the scope has one", field.name, legal.first);
  return fmt::format("{}={}..{}", field.name, legal.first, legal.last());
}

std::optional<unsigned> parse_number(std::string_view text) {
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  unsigned value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<unsigned> parse_value(const Sort& sort, std::string_view text, const Scope& scope) {
  if (sort.enumeration == nullptr) return parse_number(text);
  for (unsigned v = 0; v < sort.enumeration->names.size(); ++v)
    if (text == sort.enumeration->names[v] && has_enumerator(sort, v, scope)) return v;
  return std::nullopt;
}

std::string names_of(const std::vector<FieldShape>& fields) {
  std::vector<std::string> names;
  for (const auto& f : fields) names.push_back(f.name);
  return names.empty() ? "none" : joined(names);
}

// The values that the words `name=value` give to the fields; a field that no word names has none.
template <class Legal>
std::vector<std::optional<unsigned>> parse_fields(std::string_view owner,
                                                  const std::vector<FieldShape>& fields,
                                                  const std::vector<std::string_view>& words,
                                                  const Origin& at, const Scope& scope,
                                                  Legal legal) {
  std::vector<std::optional<unsigned>> values(fields.size());
  for (const std::string_view word : words) {
    const std::size_t equals = word.find('=');
    if (equals == word.npos) reject(at, "field=value", word);
    const std::string_view name = word.substr(0, equals);
    std::size_t i = 0;
    while (i < fields.size() && fields[i].name != name) ++i;
    if (i == fields.size())
      reject(at, fmt::format("a field of {} ({})", owner, names_of(fields)), word);
    if (values[i]) reject(at, fmt::format("{} once", name), "it twice");
    const Range range = legal(i);
    values[i] = parse_value(fields[i].sort, word.substr(equals + 1), scope);
    if (!values[i] || *values[i] < range.first || *values[i] - range.first >= range.count)
      reject(at, print_legal(fields[i], range, scope), word);
  }
  return values;
}

template <class R>
void add_fields(std::vector<FieldShape>& out) {
  for_each_field<R>([&](const auto& f) { out.push_back({f.name, f.sort}); });
}

std::vector<StepShape> make_step_shapes() {
  std::vector<StepShape> shapes;
  for (const StepInfo& step : step_infos()) {
    shapes.push_back({std::string(step.name), {}});
    for (const StepField& f : step.fields)
      shapes.back().fields.push_back({std::string(f.name), f.sort});
  }
  return shapes;
}

// What an index of a table is called.
const char* name_of(Noun noun) {
  switch (noun) {
    case Noun::mm:
      return "mm";
    case Noun::vpn:
      return "vpn";
    case Noun::pfn:
      return "pfn";
    case Noun::device:
      return "device";
    case Noun::region:
      return "region";
    case Noun::file:
    case Noun::slot:
    case Noun::flag:
    case Noun::token:
    case Noun::enumerator:
    case Noun::count:
      break;
  }
  return "slot";
}

// A field of a row; one that is a table of flags is a field for each of its slots.
template <class T>
void add_leaves(const char* name, const Sort& sort, const Scope& scope,
                std::vector<FieldShape>& out) {
  if constexpr (is_grid<T>) {
    static_assert(T::sorts.size() == 1 && !Record<typename T::Row>);
    const unsigned slots = std::max(1u, range_of(T::sorts[0], scope).count);
    for (unsigned i = 0; i < slots; ++i) out.push_back({fmt::format("{}[{}]", name, i), sort});
  } else {
    out.push_back({name, sort});
  }
}

template <class R>
std::vector<FieldShape> row_shape(const Scope& scope) {
  std::vector<FieldShape> out;
  for_each_field<R>(
      [&]<class T>(const Field<R, T>& f) { add_leaves<T>(f.name, f.sort, scope, out); });
  return out;
}

}  // namespace

const std::vector<StepShape>& step_shapes() {
  static const std::vector<StepShape> shapes = make_step_shapes();
  return shapes;
}

std::string print_value(const Sort& sort, unsigned value) {
  if (sort.enumeration == nullptr || value >= sort.enumeration->names.size())
    return fmt::format("{}", value);
  return std::string(sort.enumeration->names[value]);
}

std::string print_step(const PlainStep& step) {
  const StepShape& shape = step_shapes().at(step.kind);
  std::string out = shape.name;
  for (std::size_t i = 0; i < shape.fields.size(); ++i)
    out += fmt::format(" {}={}", shape.fields[i].name,
                       print_value(shape.fields[i].sort, step.values.at(i)));
  return out;
}

PlainStep parse_step(const Scope& scope, std::string_view text, const Origin& at) {
  auto words = words_of(text);
  if (words.empty()) reject(at, "a step", "nothing");
  const std::string_view name = words.front();
  words.erase(words.begin());
  const auto& shapes = step_shapes();
  std::size_t kind = 0;
  while (kind < shapes.size() && shapes[kind].name != name) ++kind;
  if (kind == shapes.size()) {
    std::vector<std::string> names;
    for (const auto& shape : shapes) names.push_back(shape.name);
    reject(at, "a step of hmmcheck list" + did_you_mean(name, names), name);
  }
  const auto& fields = shapes[kind].fields;
  const auto values = parse_fields(name, fields, words, at, scope,
                                   [&](std::size_t i) { return range_of(fields[i].sort, scope); });
  PlainStep step{kind, {}};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!values[i])
      reject(at, fmt::format("field {} of {}", fields[i].name, name), "the end of the line");
    step.values.push_back(*values[i]);
  }
  return step;
}

StateText::StateText(const Scope& scope) : scope_(scope) {
  using Any = State<Concrete<Scope{}>>;
  std::size_t offset = 0;
  for_each_field<Any>([&]<class T>(const Field<Any, T>& f) {
    Table table{f.name, {}, {}, 1, offset};
    std::size_t kept = 1;
    if constexpr (is_grid<T>) {
      for (const Sort& sort : T::sorts) {
        table.index.push_back({name_of(sort.noun), sort});
        table.rows *= range_of(sort, scope).count;
      }
      // Grid keeps a blank row where the scope has none.
      kept = std::max(std::size_t{1}, table.rows);
      table.fields = row_shape<typename T::Row>(scope);
    } else {
      table.fields = row_shape<T>(scope);
    }
    offset += kept * table.fields.size();
    tables_.push_back(std::move(table));
  });
}

std::size_t StateText::offset_of(const PlainRow& row) const {
  const Table& table = tables_.at(row.table);
  std::size_t slot = 0;
  for (std::size_t i = 0; i < table.index.size(); ++i) {
    const Range range = range_of(table.index[i].sort, scope_);
    slot = slot * range.count + (row.index.at(i) - range.first);
  }
  return table.offset + slot * table.fields.size();
}

std::vector<unsigned> StateText::index_of(const Table& table, std::size_t row) const {
  std::vector<unsigned> index(table.index.size());
  for (std::size_t i = index.size(); i-- > 0;) {
    const Range range = range_of(table.index[i].sort, scope_);
    index[i] = range.first + static_cast<unsigned>(row % range.count);
    row /= range.count;
  }
  return index;
}

std::string StateText::print_index(std::size_t table, const std::vector<unsigned>& index) const {
  std::string out = tables_.at(table).name;
  for (std::size_t i = 0; i < index.size(); ++i)
    out += fmt::format(" {}={}", tables_[table].index.at(i).name, index[i]);
  return out;
}

std::string StateText::print_row(const PlainRow& row) const {
  std::string out = print_index(row.table, row.index);
  for (const auto& [i, value] : row.values) {
    const FieldShape& field = tables_.at(row.table).fields.at(i);
    out += fmt::format(" {}={}", field.name, print_value(field.sort, value));
  }
  return out;
}

PlainRow StateText::parse_row(std::string_view text, const Origin& at) const {
  auto words = words_of(text);
  std::vector<std::string> names;
  for (const auto& t : tables_) names.push_back(t.name);
  const std::string expected = fmt::format("a table ({})", joined(names));
  if (words.empty()) reject(at, expected, "the end of the line");
  const std::string_view name = words.front();
  words.erase(words.begin());
  PlainRow row;
  while (row.table < tables_.size() && names[row.table] != name) ++row.table;
  if (row.table == tables_.size()) reject(at, expected, name);

  // The index and the fields in one list: page is indexed by pfn, and pte has a field of that name.
  const Table& table = tables_[row.table];
  std::vector<FieldShape> all = table.index;
  all.insert(all.end(), table.fields.begin(), table.fields.end());
  const std::size_t indexes = table.index.size();
  const auto values = parse_fields(name, all, words, at, scope_, [&](std::size_t i) {
    return i < indexes ? range_of(all[i].sort, scope_) : legal_in_state(all[i].sort, scope_);
  });
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < indexes && !values[i])
      reject(at, fmt::format("index {} of {}", all[i].name, name), "the end of the line");
    if (i < indexes)
      row.index.push_back(*values[i]);
    else if (values[i])
      row.values.push_back({i - indexes, *values[i]});
  }
  if (row.values.empty())
    reject(at, fmt::format("a field of {} ({})", name, names_of(table.fields)),
           "the end of the line");
  return row;
}

void StateText::set(Leaves& state, const PlainRow& row) const {
  for (const auto& [i, value] : row.values)
    state.at(offset_of(row) + i) = static_cast<std::uint8_t>(value);
}

PlainRow StateText::read(const Leaves& state, const PlainRow& row) const {
  PlainRow out = row;
  for (auto& [i, value] : out.values) value = state.at(offset_of(row) + i);
  return out;
}

std::vector<PlainRow> StateText::rows(const Leaves& state) const {
  std::vector<PlainRow> out;
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    const Table& table = tables_[t];
    for (std::size_t r = 0; r < table.rows; ++r) {
      PlainRow row{t, index_of(table, r), {}};
      for (std::size_t i = 0; i < table.fields.size(); ++i) {
        const unsigned value = state.at(table.offset + r * table.fields.size() + i);
        if (value != 0) row.values.push_back({i, value});
      }
      if (!row.values.empty()) out.push_back(std::move(row));
    }
  }
  return out;
}

std::vector<PlainRow> StateText::whole_rows(const Leaves& state) const {
  std::vector<PlainRow> out;
  for (std::size_t t = 0; t < tables_.size(); ++t)
    for (std::size_t r = 0; r < tables_[t].rows; ++r) {
      PlainRow row{t, index_of(tables_[t], r), {}};
      for (std::size_t i = 0; i < tables_[t].fields.size(); ++i) row.values.push_back({i, 0});
      out.push_back(read(state, row));
    }
  return out;
}

std::vector<std::string> StateText::diff(const Leaves& before, const Leaves& after) const {
  struct Changed {
    std::string row, what;
  };
  std::vector<Changed> changed;
  std::size_t width = 0;
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    const Table& table = tables_[t];
    for (std::size_t r = 0; r < table.rows; ++r) {
      std::string what;
      for (std::size_t i = 0; i < table.fields.size(); ++i) {
        const std::size_t at = table.offset + r * table.fields.size() + i;
        const Sort& sort = table.fields[i].sort;
        if (before.at(at) == after.at(at)) continue;
        what += fmt::format("{}{} {} -> {}", what.empty() ? "" : ", ", table.fields[i].name,
                            print_value(sort, before[at]), print_value(sort, after[at]));
      }
      if (what.empty()) continue;
      changed.push_back({print_index(t, index_of(table, r)) + ":", std::move(what)});
      width = std::max(width, changed.back().row.size());
    }
  }
  std::vector<std::string> out;
  for (const auto& [row, what] : changed) out.push_back(fmt::format("{:<{}} {}", row, width, what));
  return out;
}

}  // namespace hmm
