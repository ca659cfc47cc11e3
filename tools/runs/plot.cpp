#include "tools/runs/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "model/step_infos.h"
#include "tools/runs/files.h"
#include "tools/runs/scratch.h"

namespace hmm {
namespace {

constexpr double kNearlyAll = 99;
constexpr std::uint64_t kLongestWalk = 10'000'000;

// The rows and columns of the heat map: steps that the scope has, and verdicts that they list.
struct HeatMap {
  std::vector<std::size_t> steps;
  std::vector<Verdict> verdicts;

  std::size_t column(Verdict v) const {
    return static_cast<std::size_t>(std::find(verdicts.begin(), verdicts.end(), v) -
                                    verdicts.begin());
  }
};

HeatMap map_of(const Scope& scope) {
  HeatMap grid;
  for (std::size_t i = 0; i < step_infos().size(); ++i) {
    if (step_infos()[i].is_out_of_scope(scope)) continue;
    grid.steps.push_back(i);
    for (const Verdict v : step_infos()[i].verdicts)
      if (grid.column(v) == grid.verdicts.size()) grid.verdicts.push_back(v);
  }
  return grid;
}

// `("NAME" 0, "NAME" 1)`, without what gnuplot reads as markup.
template <class Names>
std::string tics(const Names& names) {
  std::string out;
  std::size_t n = 0;
  for (const auto& name : names)
    out += fmt::format("{}\"{}\" {}", n == 0 ? "" : ", ", name, n), ++n;
  return "(" + out + ")";
}

std::string rounds_block(const ExplorationPlot& plot) {
  std::string out = "$rounds << END\n";
  PlottedRound before;
  for (const auto& round : plot.rounds) {
    const auto fresh = round.states - before.states;
    const double seconds = round.seconds - before.seconds;
    out += fmt::format("{} {} {:.0f}\n", round.depth, fresh,
                       seconds > 0 ? static_cast<double>(fresh) / seconds : 0.0);
    before = round;
  }
  return out + "END\n";
}

// X Y DEPTH of what was given, and X Y of what a step lists and did not give.
std::string grid_blocks(const ExplorationPlot& plot, const HeatMap& grid) {
  std::map<std::pair<std::size_t, Verdict>, std::size_t> first;
  for (const Witness& w : plot.result.witnesses) first[{w.kind, w.verdict}] = w.steps.size();
  std::string given, missing;
  for (std::size_t y = 0; y < grid.steps.size(); ++y)
    for (const Verdict v : step_infos()[grid.steps[y]].verdicts) {
      const auto at = first.find({grid.steps[y], v});
      if (at != first.end())
        given += fmt::format("{} {} {}\n", grid.column(v), y, at->second);
      else
        missing += fmt::format("{} {}\n", grid.column(v), y);
    }
  return "$given << END\n" + given + "END\n$missing << END\n" + missing + "END\n";
}

std::string walks_block(const ExplorationPlot& plot) {
  std::string out = "$walks << END\n";
  for (const auto& walk : plot.walks)
    out += fmt::format("{} {:.2f}\n", walk.steps, walk.percent_of_edges);
  return out + "END\n";
}

constexpr char kCurves[] = R"(set size 0.33,{h}
set origin 0,{y}
set xlabel 'depth'
set ylabel 'new states'
set logscale y
plot $rounds using 1:($2>0?$2:1/0) with lines lw 2
set origin 0.33,{y}
set ylabel 'new states a second'
plot $rounds using 1:($3>0?$3:1/0) with lines lw 2
unset logscale y
set origin 0.66,{y}
set xlabel 'steps of a random walk'
set ylabel '% of edges'
set yrange [0:100]
set logscale x
{walks}
unset logscale x
)";

constexpr char kMap[] = R"(set size 1,{h}
set origin 0,0
unset grid
set title 'first given after so many steps; x: listed by the step, not given here'
set xlabel ''
set ylabel ''
set xrange [-0.5:{columns}-0.5]
set yrange [{rows}-0.5:-0.5]
set xtics {xtics} rotate by 55 right
set ytics {ytics}
set cblabel 'steps'
plot $given using 1:2:(0.46):(0.46):3 with boxxy fillstyle solid noborder palette notitle{missing}
unset multiplot
)";

}  // namespace

void RoundNotes::operator()(std::uint64_t states, unsigned depth) {
  const double now =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  rounds.push_back({depth, states, now});
}

std::vector<PlottedWalk> coverage_curve(const std::string& scope, const Profile& k,
                                        const ExploreResult& explored, unsigned threads,
                                        std::stop_token stop) {
  std::vector<PlottedWalk> curve;
  if (!explored.complete || explored.edges == 0 || !is_built(scope, Engine::walk, k.rules))
    return curve;
  for (std::uint64_t steps = 10'000; steps <= kLongestWalk && !stop.stop_requested();) {
    WalkOptions options;
    options.steps = steps;
    options.threads = threads;
    options.totals = {explored.states, explored.edges_of};
    options.stop = stop;
    const WalkResult r = walk(scope, k, options);
    double edges = 0;
    for (const double of_step : r.reached.edges) edges += of_step;
    curve.push_back({steps, 100 * edges / static_cast<double>(explored.edges)});
    if (curve.back().percent_of_edges > kNearlyAll) break;
    // 1, 3, 10, ...
    steps = std::to_string(steps).front() == '1' ? steps * 3 : steps / 3 * 10;
  }
  return curve;
}

std::string gnuplot_of(const ExplorationPlot& plot, const Scope& scope, const Profile& k) {
  const HeatMap grid = map_of(scope);
  std::vector<std::string_view> steps, verdicts;
  for (const auto step : grid.steps) steps.push_back(step_infos()[step].name);
  for (const Verdict v : grid.verdicts) verdicts.push_back(name_of(v));
  constexpr int kCurvesHigh = 300, kTitleHigh = 30;
  const int map_high = 190 + 15 * static_cast<int>(steps.size());
  const int high = kTitleHigh + kCurvesHigh + map_high;
  const auto share = [&](int of) { return static_cast<double>(of) / high; };
  const bool all = grid_blocks(plot, grid).find("$missing << END\nEND") != std::string::npos;
  return rounds_block(plot) + grid_blocks(plot, grid) + walks_block(plot) +
         fmt::format(
             "set terminal svg size 1100,{} font 'sans-serif,11' noenhanced background rgb "
             "'white'\nset multiplot title '{}'\nset key off\nset grid\n"
             "set palette defined (0 '#fde725', 0.5 '#21918c', 1 '#440154')\n",
             high, plot.title) +
         fmt::format(fmt::runtime(kCurves), fmt::arg("h", share(kCurvesHigh)),
                     fmt::arg("y", share(map_high)),
                     fmt::arg("walks", plot.walks.empty()
                                           ? "set label 1 'not explored to the end' at graph "
                                             "0.1,0.5\nplot [1:10] 1/0\nunset label 1"
                                           : "plot $walks with linespoints lw 2 pt 7 ps 0.5")) +
         fmt::format(
             fmt::runtime(kMap), fmt::arg("h", share(map_high)),
             fmt::arg("columns", verdicts.size()), fmt::arg("rows", steps.size()),
             fmt::arg("xtics", tics(verdicts)), fmt::arg("ytics", tics(steps)),
             fmt::arg("missing", all ? ""
                                     : ", $missing using 1:2 with points pt 2 lc rgb '#c4161c' "
                                       "notitle"));
}

bool has_gnuplot() { return std::system("command -v gnuplot >/dev/null 2>&1") == 0; }

std::string drawn_by_gnuplot(const std::string& program) {
  const Scratch scratch("hmmcheck-plot");
  const std::string file = (scratch / "plot.gp").string();
  write_file(file, program);
  std::FILE* const pipe = popen(("gnuplot '" + file + "'").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("gnuplot cannot be run");
  std::string svg;
  std::array<char, 4096> some{};
  while (const std::size_t n = std::fread(some.data(), 1, some.size(), pipe))
    svg.append(some.data(), n);
  if (pclose(pipe) != 0 || svg.find("</svg>") == svg.npos)
    throw std::runtime_error("gnuplot does not draw it");
  return svg;
}

}  // namespace hmm
