// Explorations as pictures.
#include "tools/runs/plot.h"

#include <iostream>

#include "properties/engines/judged_machine.h"
#include "tests/tools/binary.h"
#include "traces/profile_file.h"

namespace hmm {

TEST_CASE("a picture is of every round, and of every verdict that a step of the scope lists") {
  const Profile k = load_profile("6.12");
  ExplorationPlot plot{"x", {{0, 1, 0.0}, {1, 6, 0.5}, {2, 16, 1.0}}, {}, {{10'000, 12.5}}};
  Witness w;
  w.steps.resize(3);
  plot.result.witnesses = {w};  // mmap_region, the first verdict
  const std::string program = gnuplot_of(plot, machine_at("tiny")->scope(), k);
  CHECK_THAT(program, Catch::Contains("$rounds << END\n0 1 0\n1 5 10\n2 10 20\nEND\n"));
  CHECK_THAT(program, Catch::Contains("$given << END\n0 0 3\nEND\n"));
  CHECK_THAT(program, Catch::Contains("$walks << END\n10000 12.50\nEND\n"));
  CHECK_THAT(program, Catch::Contains("\"mmap_region\" 0, \"cpu_load\" 1"));
  // A step that the scope has none of.
  CHECK_THAT(program, !Catch::Contains("dup_mmap"));
}

TEST_CASE("a picture is an SVG, which is refused for what it cannot be") {
  refuses("explore --scope tiny --picture x.png", "--picture: expected a name that ends in .svg");
  refuses("explore --scope large --picture x.svg", "large");
  refuses("explore --scope tiny --picture nowhere/x.svg", "nowhere/x.svg: expected");
}

TEST_CASE("gnuplot draws it") {
  if (!has_gnuplot()) {
    std::cout << "skipped for want of gnuplot: tools/setup gnuplot-nox\n";
    return;
  }
  const Folder folder;
  const Ran ran = run("explore --scope shared --picture " + (folder / "x.svg") + " --json");
  INFO(ran.out);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("\"coverage\":[[10000,"));
  const std::string svg = folder.text("x.svg");
  CHECK_THAT(svg, Catch::StartsWith("<?xml") && Catch::Contains("shmem_fault") &&
                      Catch::Contains("% of edges") && Catch::Contains("</svg>"));
  // One that ends before it has seen everything has no walks to compare.
  CHECK(run("explore --scope shared --max-states 1000 --picture " + (folder / "y.svg")).code == 3);
  CHECK_THAT(folder.text("y.svg"), Catch::Contains("not explored to the end"));
}

}  // namespace hmm
