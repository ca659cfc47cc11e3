#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "properties/engines/engines.h"

// An exploration as a picture: states by depth, new states a second, which verdict of which step is
// first given how deep, and how much of it a random walk comes by.
namespace hmm {

struct PlottedRound {
  unsigned depth = 0;
  std::uint64_t states = 0;  // so far
  double seconds = 0;        // since the search began
};

struct PlottedWalk {
  std::uint64_t steps = 0;
  double percent_of_edges = 0;
};

struct ExplorationPlot {
  std::string title;
  std::vector<PlottedRound> rounds;
  ExploreResult result;  // with witnesses
  std::vector<PlottedWalk> walks;
};

// Notes the rounds of a search from now on.
class RoundNotes {
 public:
  void operator()(std::uint64_t states, unsigned depth);
  std::vector<PlottedRound> rounds;

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

// Walks of seed 1, each longer than the one before, until one has come by nearly all edges of an
// exploration that went to the end.
std::vector<PlottedWalk> coverage_curve(const std::string& scope, const Profile& k,
                                        const ExploreResult& explored, unsigned threads,
                                        std::stop_token stop);

// A program for gnuplot, which prints the picture as SVG.
std::string gnuplot_of(const ExplorationPlot& plot, const Scope& scope, const Profile& k);
bool has_gnuplot();
// Throws std::runtime_error if gnuplot does not print one.
std::string drawn_by_gnuplot(const std::string& program);

}  // namespace hmm
