// hmm_goldens OLD NEW [--readmes]: reads the goldens and the READMEs of the source tree OLD, and
// writes them anew below NEW; with --readmes the goldens stay as they are. `tools/goldens` calls
// it.
#include <cstdio>
#include <exception>
#include <filesystem>

#include "tests/goldens/readme.h"
#include "tests/goldens/recompute.h"
#include "tools/runs/files.h"
#include "tools/verbs/common.h"

int main(int argc, char** argv) try {
  const bool only_readmes = argc == 4 && std::string_view(argv[3]) == "--readmes";
  if (argc != 3 && !only_readmes) {
    std::fputs("usage: hmm_goldens OLD NEW [--readmes]\n", stderr);
    return 2;
  }
  using namespace hmm::goldens;
  const std::string from = argv[1], to = argv[2];
  const Goldens fresh = only_readmes ? load(from) : recomputed(load(from), ~0ull);
  std::filesystem::create_directories(folder(to));
  for (const GoldenFile& file : fresh)
    hmm::write_file(folder(to) + file.name + ".txt", print(file));
  for (const std::string& path : readmes(from)) {
    std::filesystem::create_directories(std::filesystem::path(to + "/" + path).parent_path());
    hmm::write_file(to + "/" + path, refreshed(hmm::read_input(from + "/" + path), fresh,
                                               run_in_scratch, {path, !only_readmes}));
  }
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
