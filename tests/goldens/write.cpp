// hmm_goldens OLD NEW: reads the goldens and the README of the source tree OLD, and writes them
// anew below NEW. `tools/goldens` calls it.
#include <cstdio>
#include <exception>
#include <filesystem>

#include "tests/goldens/readme.h"
#include "tests/goldens/recompute.h"
#include "tools/runs/files.h"
#include "tools/verbs/common.h"

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::fputs("usage: hmm_goldens OLD NEW\n", stderr);
    return 2;
  }
  using namespace hmm::goldens;
  const std::string from = argv[1], to = argv[2];
  const Goldens fresh = recomputed(load(from), ~0ull);
  std::filesystem::create_directories(folder(to));
  for (const GoldenFile& file : fresh)
    hmm::write_file(folder(to) + file.name + ".txt", print(file));
  hmm::write_file(to + "/README.md",
                  refreshed(hmm::read_input(from + "/README.md"), fresh, run_in_scratch));
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
