// A run that is walked by hand in a browser: what the server answers, whoever asks.
#include "tests/tools/server.h"

namespace hmm {

TEST_CASE("the page has what can happen, and a command that is sent is taken") {
  const Server server("--set commit_checks_seq=0");
  CHECK_THAT(server.get("/"),
             Catch::StartsWith("HTTP/1.1 200") &&
                 Catch::Contains("value=\"mmap_region mm=0 vpn=0 read=1 write=1\">"
                                 "mmap_region mm=0 vpn=0 read=1 write=1 -&gt; ok"));
  CHECK_THAT(server.post("command=mmap_region mm=0 vpn=0 read=1 write=1"),
             Catch::StartsWith("HTTP/1.1 303") && Catch::Contains("Location: /#step-1\r\n"));
  CHECK_THAT(
      server.get("/run.trace"),
      Catch::Contains("set commit_checks_seq=0\nmmap_region mm=0 vpn=0 read=1 write=1  -> ok"));
  server.post("verb=why&command=cpu_load mm=0 vpn=0");
  CHECK_THAT(server.get("/"), Catch::Contains("<pre class=\"answer\">needs_fault: "));
  server.post("command=undo");
  CHECK_THAT(server.get("/"), !Catch::Contains("id=\"step-1\""));
  CHECK_THAT(server.post("command=quit"), Catch::StartsWith("HTTP/1.1 200"));
  CHECK(server.is_over());
}

TEST_CASE("a bad request is refused, and the run goes on") {
  const Server server;
  const auto refused = [&](const std::string& answer, const std::string& why) {
    CAPTURE(answer);
    CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 400") && Catch::Contains(why));
    CHECK(server.is_there());
  };
  const std::string host = "Host: 127.0.0.1:" + server.port() + "\\r\\n";
  refused(server.get("/etc/passwd"), "expected GET /, GET /run.trace or POST /, found GET /etc");
  refused(server.get("/../x"), "expected GET /");
  refused(server.answer("DELETE / HTTP/1.1\\r\\n" + host + "\\r\\n"), "found DELETE /");
  refused(server.answer("nonsense\\r\\n\\r\\n"), "expected GET /");
  refused(server.answer("\\000\\377\\r\\n\\r\\n"), "expected GET /");
  refused(server.post("command=lsit"), "command: expected a number, a step, or one of list");
  refused(server.post("command=cpu_load mm=9"), "command: expected ");
  refused(server.post("nothing=1"), "command: expected a command, found none");
  refused(server.post("command=save x.trace"), "command: expected list, undo, why, far");
  refused(server.post("command=" + std::string(5000, 'x')), "");
  // From a page of somebody else's, or under a name of theirs.
  refused(server.post("command=undo", "Origin: http://example.org\\r\\n"),
          "from http://example.org");
  refused(server.answer("GET / HTTP/1.1\\r\\nHost: example.org\\r\\n\\r\\n"),
          "found one to example.org");
  CHECK_THAT(server.get("/"), Catch::StartsWith("HTTP/1.1 200"));
}

TEST_CASE("only this machine can ask") {
  const Server server;
  // In /proc/net/tcp: 127.0.0.1, and not 0.0.0.0.
  std::ostringstream port;
  port << std::uppercase << std::hex << std::stoi(server.port());
  std::string digits = port.str();
  digits.insert(0, 4 - digits.size(), '0');
  const Ran listening = shell("grep -E ':" + digits + " 0+:0000 0A' /proc/net/tcp /proc/net/tcp6");
  CHECK(std::count(listening.out.begin(), listening.out.end(), '\n') == 1);
  CHECK_THAT(listening.out, Catch::Contains(" 0100007F:" + digits));
}

TEST_CASE("a port that is taken, or none, is refused") {
  const Server server;
  refuses("step --serve " + server.port(), "--serve: expected a port that is free, found ");
  CHECK(run("step --serve 70000").code == 2);
  refuses("step --scope large --serve 0 /nowhere.trace", "/nowhere.trace: expected");
}

}  // namespace hmm
