using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Tests.Scenarios;

public sealed class ScenarioReaderTests
{
    [Fact]
    public void At_least_ten_scenarios_come_with_the_program_and_each_can_be_read()
    {
        string[] promised =
        [
            "first-writeup-50", "flash-crowd", "churn", "tracker-outage", "poisoned-swarm", "slowloris", "mass-reset", "slow-disk",
            "ten-thousand-idle", "supervision-ablation", "partition", "engine-swarm", "download-ablation", "choker-ablation",
        ];
        Assert.Subset(ScenarioReader.Known.ToHashSet(), promised.ToHashSet());
        foreach (var name in ScenarioReader.Known)
        {
            var scenario = ScenarioReader.Load(name);
            Assert.Equal(name, scenario.Name);
            Assert.NotEmpty(scenario.Description);
        }
    }

    [Theory]
    [InlineData("""{ "swarm": [{ "name": "a" }] }""", "x.json: $.name: is missing")]
    [InlineData("""{ "name": "x" }""", "x.json: $.swarm: is missing or empty")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "behaviour": "nice" }] }""", "$.swarm[0].behaviour: is \"nice\"; it must be one of healthy, stalls, dies")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "colour": 1 }] }""", "$.swarm[0].colour: is unknown; known there: afterBytes, arrival")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "count": -1 }] }""", "$.swarm[0].count: is -1; it must be a whole number from 0 to")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "rate": "fast" }] }""", "$.swarm[0].rate: is \"fast\"; it must be a size or rate")]
    [InlineData("""{ "name": "x", "duration": "10 parsecs", "swarm": [{ "name": "a" }] }""", "$.duration: is \"10 parsecs\"; it must be a duration")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "session": { "kind": "weibull" } }] }""", "$.swarm[0].session.mean: is missing")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "session": { "kind": "trace", "file": "/nowhere/s.txt" } }] }""", "$.swarm[0].session.file: '/nowhere/s.txt'")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a" }], "faults": [{ "kind": "kill", "of": "b" }] }""", "$.faults[0].of: is \"b\"; it must be one of a")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "behaviour": "refuses", "dials": true }] }""", "$.swarm[0].dials: peers that behave as refuses do not dial")]
    [InlineData("""{ "name": "x", "swarm": 5 }""", "$.swarm: is 5; it must be a list")]
    [InlineData("""{ "name": "x", "torrent": { "pieceLength": "1KiB" }, "swarm": [{ "name": "a" }] }""", "$.torrent.pieceLength: is \"1KiB\"; it must be a size from 16KiB to 16MiB, such as \"256KiB\"")]
    [InlineData("""{ "name": "x", "torrent": { "pieceLength": "48KiB" }, "swarm": [{ "name": "a" }] }""", "$.torrent.pieceLength: must be a power of two")]
    [InlineData("""{ "name": "x", "torrent": { "size": "2000GiB" }, "swarm": [{ "name": "a" }] }""", "$.torrent.size: is \"2000GiB\"; it must be a size from 1B to 16GiB")]
    [InlineData("""{ "name": "x", "duration": "0s", "swarm": [{ "name": "a" }] }""", "$.duration: is \"0s\"; it must be a duration of at least 100ms")]
    [InlineData("""{ "name": "x", "duration": "-1s", "swarm": [{ "name": "a" }] }""", "$.duration: is \"-1s\"; it must be a duration")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "count": 300000 }] }""", "$.swarm[0].count: is 300000; it must be a whole number from 0 to 200000")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "behaviour": "corrupts", "probability": 2 }] }""", "$.swarm[0].probability: is 2; it must be a number from 0 to 1")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a" }], "faults": [{ "kind": "kill", "share": -0.1 }] }""", "$.faults[0].share: is -0.1; it must be a number from 0 to 1")]
    [InlineData("""{ "name": "x", "duration": "5s", "swarm": [{ "name": "a" }], "faults": [{ "kind": "kill", "at": "5s" }] }""", "$.faults[0].at: must be before the end")]
    [InlineData("""{ "name": "x", "duration": "5s", "swarm": [{ "name": "a", "arrival": { "at": "6s" } }] }""", "$.swarm[0].arrival.at: must be before the end")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "settings": ["actortorrent.limits.upload = off"] }] }""", "$.swarm[0]: role and settings are for whole engines")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "behaviour": "engine", "link": { "latency": "1s" } }] }""", "$.swarm[0].link: whole engines have none")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "behaviour": "engine", "role": "probe" }] }""", "$.swarm[0].role: whole engines as peers download or seed")]
    [InlineData("""{ "name": "x", "swarm": [{ "name": "a", "behaviour": "engine" }], "faults": [{ "kind": "partition", "of": "a" }] }""", "$.faults[0].of: whole engines cannot be cut off")]
    [InlineData("{", "x.json: not readable as JSON")]
    public void What_is_wrong_is_named_with_file_place_and_what_is_allowed(string text, string message)
    {
        var exception = Assert.Throws<ScenarioException>(() => ScenarioReader.Parse("x.json", text));
        Assert.StartsWith("x.json: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_is_named_at_once()
    {
        var exception = Assert.Throws<ScenarioException>(
            () => ScenarioReader.Parse("x.json", """{ "nam": "x", "seed": "one", "swarm": [{ "name": "a", "link": { "latency": 3 } }] }"""));
        Assert.Equal(4, exception.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_those_there_are()
        => Assert.Contains("mass-reset", Assert.Throws<ScenarioException>(() => ScenarioReader.Load("mass-rest")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_trace_is_read_from_beside_the_scenario()
    {
        using var folder = new Data.TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "sessions.txt"), "# seconds\n1.5\n20\n");
        var path = Path.Combine(folder.Path, "x.json");
        File.WriteAllText(path, """{ "name": "x", "swarm": [{ "name": "a", "session": { "kind": "trace", "file": "sessions.txt" } }] }""");
        Assert.Equal([1.5, 20], ScenarioReader.Load(path).Swarm[0].Session!.Values);
    }

    [Theory]
    [InlineData("mixed", 100)]
    [InlineData("hostile", 7)]
    [InlineData("idle=2,silent=1", 10)]
    public void A_stress_mix_adds_up(string mix, int peers)
    {
        var scenario = StressMix.Scenario(peers, mix, TimeSpan.FromSeconds(5), 3, hasSeeds: false);
        Assert.Equal(peers, scenario.Swarm.Sum(group => group.Count));
        Assert.Throws<ScenarioException>(() => StressMix.Scenario(1, "evil=1", TimeSpan.FromSeconds(5), 3, hasSeeds: false));
    }
}
