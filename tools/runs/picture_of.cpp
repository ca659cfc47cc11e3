#include <fmt/format.h>

#include "tools/runs/picture.h"

// Runs as pictures.
namespace hmm {

Picture picture_of_run(JudgedMachine& machine, const Profile& k, const Leaves& start,
                       const PlainSteps& steps, PropertySet wanted) {
  Picture picture;
  picture.scope = machine.scope();
  machine.restart(&start);
  const auto judge = [&] {
    picture.broken.push_back(broken_rows(machine, k, machine.violated(k, wanted)));
  };
  judge();
  std::vector<TakenStep> taken;
  for (const auto& step : steps) {
    const Verdict verdict = machine.take(k, step);
    taken.push_back({step, verdict, machine.leaves()});
    judge();
  }
  picture.table = table_of(picture.scope, start, taken, ShownRows::all);
  return picture;
}

Picture picture_of_recording(const std::string& source, const RecordedTrace& trace,
                             const ConformOptions& options) {
  Picture picture;
  picture.scope = kRecordingScope;
  std::vector<TakenStep> taken;
  ConformOptions watched = options;
  watched.after_call = [&](const RecordedCall& call, const ModelledCall& made) {
    const std::size_t before = picture.calls.empty() ? 0 : picture.calls.back().last;
    // One line more than steps, for what is seen when it has returned.
    picture.calls.push_back({before + 1, before + 1 + made.steps.size(),
                             fmt::format("{}: {}", call.line, print_call(call)), made.seen});
    taken.insert(taken.end(), made.steps.begin(), made.steps.end());
  };
  ConformReport ignored;
  conform({source, {trace}, {}}, watched, ignored);
  const TraceTable steps = table_of(picture.scope, start_of_recordings(), taken, ShownRows::all);
  picture.table.columns = steps.columns;
  picture.table.rows = steps.rows;
  picture.table.lines.push_back(steps.lines.front());
  std::size_t next = 1;
  for (const auto& call : picture.calls) {
    for (std::size_t i = call.first; i < call.last; ++i)
      picture.table.lines.push_back(steps.lines[next++]);
    TraceTable::Line line{"returns", call.seen.front().model, picture.table.lines.back().cells, {}};
    for (auto& cell : line.cells) cell.is_changed = false;
    picture.table.lines.push_back(std::move(line));
  }
  return picture;
}

}  // namespace hmm
