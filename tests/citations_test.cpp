#include "tools/runs/citations.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <map>

#include "tests/tidy.h"

namespace hmm {
namespace {

// The kernels that Debian 12 has the sources of; tools/kernel-sources unpacks them.
constexpr std::array kKernels{"6.1", "6.12"};

class KernelTree {
 public:
  explicit KernelTree(const std::filesystem::path& root)
      : root_(root), version_(kernel_version(tidy::read(root / "Makefile"))) {}

  const std::string& version() const { return version_; }

  std::optional<std::string> problem(const Citation& c) {
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

// HMM_KERNEL_TREE names one tree or several, separated by colons; otherwise build/kernel/ has them.
std::vector<KernelTree> kernel_trees() {
  std::vector<KernelTree> trees;
  if (const char* paths = std::getenv("HMM_KERNEL_TREE")) {
    std::istringstream in(paths);
    for (std::string path; std::getline(in, path, ':');) trees.emplace_back(path);
    return trees;
  }
  for (const char* kernel : kKernels) {
    const auto root = std::filesystem::path(HMM_SOURCE_DIR) / "build/kernel" / kernel;
    if (std::filesystem::exists(root / "Makefile")) trees.emplace_back(root);
  }
  return trees;
}

enum class Judgement { resolves, refuted, of_another_kernel };

// A citation that names no kernel is of any that is modelled, so where a tree is missing the others
// cannot refute it.
Judgement judge(const Citation& c, std::vector<KernelTree>& trees, std::string& problems) {
  bool judged = c.version.empty() && trees.size() >= kKernels.size();
  for (KernelTree& tree : trees) {
    if (!c.version.empty() && c.version != tree.version()) continue;
    judged = judged || !c.version.empty();
    const auto problem = tree.problem(c);
    if (!problem) return Judgement::resolves;
    problems += (problems.empty() ? "" : ", ") + *problem;
  }
  return judged ? Judgement::refuted : Judgement::of_another_kernel;
}

// The citations of a file; those of a profile are of the profile's kernel unless they say another.
std::vector<Citation> citations_in(const tidy::File& file) {
  auto found = citations(file.text);
  const std::filesystem::path path(file.path);
  if (path.extension() == ".toml")
    for (Citation& c : found)
      if (c.version.empty()) c.version = path.stem();
  return found;
}

}  // namespace

// Its own program: a skip here must not hide what else fails.
TEST_CASE("every cited kernel function is in the file cited") {
  auto trees = kernel_trees();
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string_view(ci) == "true") {
    INFO("tools/kernel-sources unpacks the sources of these kernels");
    REQUIRE(trees.size() >= kKernels.size());
  }
  if (trees.empty()) {
    std::cout << "skipped for want of kernel sources: citations (run tools/kernel-sources)\n";
    return;
  }
  for (const KernelTree& tree : trees) REQUIRE_FALSE(tree.version().empty());

  std::size_t cited = 0, unjudged = 0;
  for (const auto& file : tidy::source_tree(HMM_SOURCE_DIR)) {
    // The tests of this make up their own.
    if (tidy::top_folder(file.path) == "tests") continue;
    for (const Citation& c : citations_in(file)) {
      ++cited;
      std::string problems;
      const auto judgement = judge(c, trees, problems);
      unjudged += judgement == Judgement::of_another_kernel ? 1 : 0;
      if (judgement == Judgement::refuted) FAIL_CHECK(file.path << ": " << problems);
    }
  }
  std::cout << cited << " citations, " << unjudged << " of kernels whose sources are not here\n";
  // Else the reader has stopped reading.
  CHECK(cited - unjudged > 300);
}

}  // namespace hmm
