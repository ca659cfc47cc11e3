#include "tests/citations.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/tidy.h"

namespace hmm {
namespace {

class KernelTree {
 public:
  explicit KernelTree(const std::filesystem::path& root)
      : root_(root), version_(kernel_version(tidy::read(root / "Makefile"))) {}

  const std::string& version() const { return version_; }

  std::optional<std::string> problem(const Citation& c) {
    if (!c.version.empty() && c.version != version_) return "no tree of " + c.version;
    const auto [names, is_new] = names_.try_emplace(c.file);
    const auto path = root_ / c.file;
    if (is_new && std::filesystem::exists(path)) names->second = called_names(tidy::read(path));
    const auto what = unresolved(c, names->second);
    if (what) return *what + " of Linux " + version_;
    return std::nullopt;
  }

 private:
  std::filesystem::path root_;
  std::string version_;
  std::map<std::string, std::optional<std::set<std::string>>> names_;
};

// HMM_KERNEL_TREE names one tree or, separated by colons, one of each kernel that is modelled.
std::vector<KernelTree> kernel_trees() {
  std::vector<KernelTree> trees;
  const char* paths = std::getenv("HMM_KERNEL_TREE");
  std::istringstream in(paths == nullptr ? "" : paths);
  for (std::string path; std::getline(in, path, ':');) trees.emplace_back(path);
  return trees;
}

// What the trees say against a citation; empty if one of them has it, or if it is of a kernel that
// none of them is.
std::string refuted(const Citation& c, std::vector<KernelTree>& trees) {
  std::string problems;
  bool judged = false;
  for (KernelTree& tree : trees) {
    judged = judged || c.version.empty() || c.version == tree.version();
    const auto problem = tree.problem(c);
    if (!problem) return "";
    problems += (problems.empty() ? "" : ", ") + *problem;
  }
  return judged ? problems : "";
}

}  // namespace

// Its own program: a skip here must not hide what else fails.
TEST_CASE("every cited kernel function is in the file cited") {
  auto trees = kernel_trees();
  if (trees.empty()) {
    std::cout << "skipped for want of a kernel tree: citations (set HMM_KERNEL_TREE)\n";
    return;
  }
  for (const KernelTree& tree : trees) REQUIRE_FALSE(tree.version().empty());

  std::size_t cited = 0;
  for (const auto& file : tidy::source_tree(HMM_SOURCE_DIR)) {
    const std::string folder = tidy::top_folder(file.path);
    const bool is_rule =
        tidy::is_header(file.path) && (folder == "model" || folder == "properties");
    if (!is_rule && !file.path.starts_with("traces/corpus/")) continue;
    for (const Citation& c : citations(file.text)) {
      ++cited;
      const std::string problems = refuted(c, trees);
      if (!problems.empty()) FAIL_CHECK(file.path << ": " << problems);
    }
  }
  // Else the pattern has stopped matching.
  CHECK(cited > 50);
}

}  // namespace hmm
