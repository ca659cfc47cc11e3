// A long trace takes as much longer as it is longer.
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace hmm {
namespace {

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
}

// Of the processor, by children that have ended: other programs on the machine are not in it.
double seconds_of_children() {
  rusage used{};
  REQUIRE(getrusage(RUSAGE_CHILDREN, &used) == 0);
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double seconds_to_replay(unsigned loads) {
  const auto path =
      std::filesystem::temp_directory_path() / ("hmmcheck-" + std::to_string(getpid()) + ".trace");
  std::ofstream out(path);
  out << "hmmcheck-trace 1\nscope default\nprofile 6.12\n"
         "mmap_region mm=0 vpn=0 read=1 write=1  -> ok\n"
         "do_anonymous_page mm=0 vpn=0 pfn=1     -> ok\n";
  for (unsigned i = 0; i < loads; ++i) out << "cpu_load mm=0 vpn=0  -> ok\n";
  out.close();
  const double before = seconds_of_children();
  const std::string command = HMM_HMMCHECK " replay -q " + path.string();
  CHECK(std::system(command.c_str()) == 0);
  const double taken = seconds_of_children() - before;
  std::filesystem::remove(path);
  return taken;
}

}  // namespace

TEST_CASE("a trace of ten times the steps is replayed in not much more than ten times the time") {
  // Work that grows with the square would take a hundred times as long.
  CHECK(seconds_to_replay(100'000) < 30 * seconds_to_replay(10'000) + 0.1);
}

}  // namespace hmm
