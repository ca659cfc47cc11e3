#include "tools/runs/drive_names.h"

#include <algorithm>

#include "model/zones.h"

namespace hmm {
namespace {

// The devices that have memory of the kind.
std::vector<unsigned> devices_with(const Scope& scope, Memory memory) {
  std::vector<unsigned> devices;
  for (const Zone& zone : zones_of(scope))
    if (zone.is_owned() && zone.memory == memory) devices.push_back(zone.owner);
  return devices;
}

// The row of a table that has rows of the one noun only: whether anything is there. A frame that
// nobody holds is free, whatever it contains.
bool is_free(Noun noun, Size of, unsigned value, const StateText& text, const Leaves& state) {
  for (std::size_t t = 0; t < text.tables().size(); ++t) {
    const auto& table = text.tables()[t];
    if (table.index.size() != 1) continue;
    const Sort& sort = table.index[0].sort;
    if (sort.noun != noun || (noun == Noun::slot && sort.of != of)) continue;
    PlainRow row{t, {value}, {}};
    for (std::size_t f = 0; f < table.fields.size(); ++f)
      if (noun != Noun::pfn || table.fields[f].name == "refcount") row.values.push_back({f, 0});
    const PlainRow now = text.read(state, row);
    if (std::any_of(now.values.begin(), now.values.end(),
                    [](const PlainRow::Value& v) { return v.value != 0; }))
      return false;
  }
  return true;
}

}  // namespace

DriveNames::DriveNames(const Scope& scope) : devices_(scope.devices) {
  for (const Memory memory : {Memory::device_private, Memory::device_coherent}) {
    const auto own = devices_with(scope, memory), others = devices_with(kRecordingScope, memory);
    has_all_devices_ = has_all_devices_ && own.size() <= others.size();
    for (std::size_t i = 0; i < own.size() && i < others.size(); ++i) devices_[own[i]] = others[i];
  }
}

bool DriveNames::is_same(const PlainStep& of_trace, const PlainStep& taken, std::size_t call,
                         const StateText& text, const Leaves& state) {
  if (of_trace.kind != taken.kind) return false;
  const auto& fields = step_shapes()[of_trace.kind].fields;
  const auto before = names_;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool is_slot = fields[i].sort.noun == Noun::slot;
    if (is_same_value(fields[i], of_trace.values[i], is_slot ? call : taken.values[i], text, state))
      continue;
    names_ = before;
    return false;
  }
  return true;
}

bool DriveNames::is_same_value(const FieldShape& field, unsigned value, std::size_t other,
                               const StateText& text, const Leaves& state) {
  const Noun noun = field.sort.noun;
  if (noun == Noun::device) return device(value) == other;
  if (noun != Noun::slot && noun != Noun::pfn && noun != Noun::file) return value == other;
  if (noun == Noun::pfn && (value == 0 || other == 0)) return value == other;
  const Size of = noun == Noun::slot ? field.sort.of : nullptr;
  const auto name = std::find_if(names_.begin(), names_.end(), [&](const Name& one) {
    return one.noun == noun && one.of == of && one.value == value;
  });
  if (name == names_.end()) {
    names_.push_back({noun, of, value, other});
    return true;
  }
  const bool is_anew = noun == Noun::file || is_free(noun, of, value, text, state);
  if (name->other != other && !is_anew) return false;
  name->other = other;
  return true;
}

bool DriveNames::is_in_flight(std::size_t call, const StateText& text, const Leaves& state) const {
  return std::any_of(names_.begin(), names_.end(), [&](const Name& name) {
    return name.noun == Noun::slot && name.other == call &&
           !is_free(Noun::slot, name.of, name.value, text, state);
  });
}

}  // namespace hmm
