#include "traces/lanes.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hmm {
namespace {

std::optional<Lane> lane_of(const Sort& sort, unsigned number) {
  if (sort.noun == Noun::mm) return Lane{Lane::Kind::process, number};
  if (sort.noun == Noun::device) return Lane{Lane::Kind::device, number};
  if (sort.noun == Noun::slot && sort.of == &Scope::invalidations)
    return Lane{Lane::Kind::range, number};
  return std::nullopt;
}

// The lanes of a run's lines, before those that nothing is of are left out.
class Drawn {
 public:
  Drawn(const Scope& scope, const TraceTable& table) : text_(scope), table_(table) {}

  // Of the step that leads to a line, the actor first.
  std::vector<Lane> named(std::size_t line) const {
    std::vector<Lane> lanes;
    std::optional<Lane> process;
    const auto& taken = table_.lines[line].taken;
    const StepShape& shape = step_shapes()[taken->kind];
    for (std::size_t f = 0; f < shape.fields.size(); ++f) {
      const Sort& sort = shape.fields[f].sort;
      if (const auto lane = lane_of(sort, taken->values[f])) {
        lanes.push_back(*lane);
        if (lane->kind == Lane::Kind::process && !process) process = lane;
      }
      if (sort.noun != Noun::slot) continue;
      const auto of = of_slot(line, sort, taken->values[f]);
      lanes.insert(lanes.end(), of.begin(), of.end());
    }
    // A range does not begin itself.
    if (process && !lanes.empty() && lanes.front().kind == Lane::Kind::range)
      lanes.insert(lanes.begin(), *process);
    return lanes;
  }

  // Those whose rows a line changes.
  std::set<Lane> changed(std::size_t line) const {
    std::set<Lane> lanes;
    for (std::size_t c = 0; c < table_.rows.size(); ++c)
      if (table_.lines[line].cells[c].is_changed)
        if (const auto lane = owner(table_.rows[c])) lanes.insert(*lane);
    return lanes;
  }

  std::string open(std::size_t line, const Lane& lane) const {
    if (lane.kind != Lane::Kind::range) return "";
    for (std::size_t c = 0; c < table_.rows.size(); ++c) {
      const auto& index = text_.tables()[table_.rows[c].table].index;
      if (index.size() == 1 && owner(table_.rows[c]) == lane)
        return table_.lines[line].cells[c].text;
    }
    return "";
  }

 private:
  // Whose a row is, as its first index says.
  std::optional<Lane> owner(const PlainRow& row) const {
    if (row.index.empty()) return std::nullopt;
    return lane_of(text_.tables()[row.table].index[0].sort, row.index[0]);
  }

  // The process and the device of what is in the slot, before the step or else after it. What goes
  // by frame is of no process.
  std::vector<Lane> of_slot(std::size_t line, const Sort& slot, unsigned number) const {
    std::vector<Lane> lanes;
    for (std::size_t c = 0; c < table_.rows.size(); ++c) {
      const auto& shape = text_.tables()[table_.rows[c].table];
      if (shape.index.size() != 1 || table_.rows[c].index[0] != number) continue;
      const Sort& sort = shape.index[0].sort;
      if (sort.noun != slot.noun || sort.of != slot.of) continue;
      const auto& before = table_.lines[line - 1].cells[c].values;
      const auto& values = before.empty() ? table_.lines[line].cells[c].values : before;
      if (values.empty()) continue;
      const auto value = [&](std::string_view name) {
        for (const auto& [field, is] : values)
          if (shape.fields[field].name == name) return is;
        return 0u;
      };
      for (const auto& field : shape.fields)
        if ((field.name == "mm" && value("by_pfn") == 0) || field.name == "device")
          if (const auto lane = lane_of(field.sort, value(field.name))) lanes.push_back(*lane);
    }
    return lanes;
  }

  StateText text_;
  const TraceTable& table_;
};

Signal signal_of(const std::vector<Lane>& all, const std::vector<Lane>& named,
                 const std::set<Lane>& changed) {
  const auto place = [&](const Lane& lane) {
    return static_cast<std::size_t>(std::find(all.begin(), all.end(), lane) - all.begin());
  };
  std::set<Lane> others(named.begin(), named.end());
  others.insert(changed.begin(), changed.end());
  const Lane actor = named.empty() ? (others.empty() ? all.front() : *others.begin()) : named[0];
  Signal signal;
  signal.actor = place(actor);
  signal.changes_actor = changed.count(actor) != 0;
  for (const auto& lane : others)
    if (lane != actor) signal.others.push_back({place(lane), changed.count(lane) != 0});
  return signal;
}

}  // namespace

std::string name_of(const Lane& lane) {
  switch (lane.kind) {
    case Lane::Kind::process:
      return fmt::format("mm {}", lane.number);
    case Lane::Kind::range:
      return fmt::format("range {}", lane.number);
    case Lane::Kind::device:
      return fmt::format("device {}", lane.number);
  }
  return {};
}

Lanes lanes_of(const Scope& scope, const TraceTable& table) {
  const Drawn drawn(scope, table);
  // A chart without a lane is none.
  std::set<Lane> all{{Lane::Kind::process, 0}};
  std::vector<std::vector<Lane>> named(table.lines.size());
  std::vector<std::set<Lane>> changed(table.lines.size());
  for (std::size_t i = 1; i < table.lines.size(); ++i) {
    if (table.lines[i].taken) named[i] = drawn.named(i);
    changed[i] = drawn.changed(i);
    all.insert(named[i].begin(), named[i].end());
    all.insert(changed[i].begin(), changed[i].end());
  }
  Lanes out{{all.begin(), all.end()}, {}, {}};
  for (std::size_t i = 0; i < table.lines.size(); ++i) {
    out.signals.push_back(table.lines[i].taken
                              ? std::optional(signal_of(out.lanes, named[i], changed[i]))
                              : std::nullopt);
    out.open.emplace_back();
    for (const auto& lane : out.lanes) out.open.back().push_back(drawn.open(i, lane));
  }
  return out;
}

}  // namespace hmm
