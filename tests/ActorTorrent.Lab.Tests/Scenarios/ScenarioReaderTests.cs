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
            "ten-thousand-idle", "supervision-ablation",
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
