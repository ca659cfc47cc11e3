// Calls as a test of the kernel's own suite, and the driver's requests for syzkaller.
#include "tools/runs/c_selftest.h"

#include "tests/tools/binary.h"

namespace hmm {
namespace {

RecordedTrace trace_of(const std::string& calls) {
  return parse_calls("trace 1\n" + calls + "end\n", "calls.txt", Results::required).traces.front();
}

}  // namespace

TEST_CASE("a trace becomes a test, call by call") {
  const std::string text = c_selftest(trace_of("A mmap 0-1 rw anon -> ok\n"
                                               "A store 0 1 -> ok\n"
                                               "A migrate_to_dev d3 0-0 -> ok cpages=1 1\n"
                                               "A dwrite d2 0-1 7 -> EFAULT\n"
                                               "A mprotect 0-0 r -> ok\n"
                                               "A munmap 1-2 -> EINVAL\n"
                                               "A load 0 -> 1\n"),
                                      "k2");
  for (const char* line :
       {"TEST_F(hmm2, k2)\n", "\tif (variant->device_number0 != 2)\n",
        "\tASSERT_EQ(0, mmap(memory + 0 * size, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | "
        "MAP_FIXED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);\n",
        "\t*(volatile int *)(memory + 0 * size) = 1;\n",
        "\tASSERT_EQ(0, hmm_dmirror_cmd(self->fd1, HMM_DMIRROR_MIGRATE_TO_DEV, &buffer, 1));\n",
        "\tASSERT_EQ(1, buffer.cpages);\n\tASSERT_EQ(1, *(int *)(data + 0 * size));\n",
        "\t*(int *)(data + 1 * size) = 8;\n",
        "\tASSERT_EQ(-EFAULT, hmm_dmirror_cmd(self->fd0, HMM_DMIRROR_WRITE, &buffer, 2));\n",
        "\tASSERT_EQ(0, mprotect(memory + 0 * size, 1 * size, PROT_READ));\n",
        "\tASSERT_NE(0, munmap(memory + 1 * size, 2 * size));\n\tASSERT_EQ(EINVAL, errno);\n",
        "\tASSERT_EQ(1, *(volatile int *)(memory + 0 * size));\n"})
    CHECK_THAT(text, Catch::Contains(line));
}

TEST_CASE("what such a test cannot be of is refused") {
  const auto refused = [](const std::string& calls, const std::string& why) {
    CHECK_THROWS_WITH(c_selftest(trace_of(calls), "t"), "expected " + why);
  };
  refused("A mmap 0-0 rw anon -> ok\nA fork B -> ok\n",
          "calls that such a test can make, found fork B");
  refused("A mmap 0-0 none anon -> ok\nA load 0 -> SIGSEGV\n",
          "loads and stores that come to no signal, found SIGSEGV");
  refused("A release d0 -> ok\nA release d2 -> ok\n",
          "devices of one kind, d0 and d1 or d2 and d3, found d0 and d2");
  const Folder folder;
  const std::string file = folder.file("t.txt", "trace 1\nA pin 0 -> EFAULT\nend\n");
  refuses("kernel repro --test-f t " + file, file + ":1: expected calls that such a test can make");
  refuses("kernel repro --test-f 0t " + file, "expected a name in C, found 0t");
}

TEST_CASE("syzkaller is told of every request of the driver that a call makes") {
  const std::string text = syzlang();
  unsigned requests = 0;
  for (std::size_t at = text.find("ioctl$"); at != std::string::npos;
       at = text.find("ioctl$", at + 1))
    ++requests;
  CHECK(requests == 7);
  CHECK_THAT(text, Catch::Contains("ioctl$HMM_DMIRROR_CHECK_EXCLUSIVE(fd fd_hmm_dmirror, cmd "
                                   "const[HMM_DMIRROR_CHECK_EXCLUSIVE], arg ptr[inout, "
                                   "hmm_dmirror_cmd])\n"));
  CHECK(run("kernel syzlang").out == text);
}

}  // namespace hmm
