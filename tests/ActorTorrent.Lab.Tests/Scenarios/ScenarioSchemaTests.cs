using System.Text.Json;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Tests.Scenarios;

/// <summary>The JSON schema and the reader say the same.</summary>
public sealed class ScenarioSchemaTests
{
    private static readonly JsonElement Schema = Load();

    [Fact]
    public void Every_scenario_matches_the_schema()
    {
        foreach (var name in ScenarioReader.Known)
        {
            using var scenario = JsonDocument.Parse(ScenarioReader.Load(name).Text);
            Assert.Empty(JsonSchemaCheck.Faults(Schema, scenario.RootElement));
        }
    }

    [Theory]
    [InlineData("behaviour", typeof(PeerBehaviour))]
    [InlineData("faultKind", typeof(InjectedFaultKind))]
    [InlineData("arrivalKind", typeof(ArrivalKind))]
    [InlineData("distributionKind", typeof(TimeDistributionKind))]
    [InlineData("role", typeof(EngineRole))]
    [InlineData("ending", typeof(Lab.Peers.PeerDeparture))]
    public void The_schema_lists_the_choices_that_the_reader_knows(string definition, Type choices)
    {
        var listed = Schema.GetProperty("$defs").GetProperty(definition).GetProperty("enum").EnumerateArray().Select(item => item.GetString());
        var known = Enum.GetNames(choices).Select(name => string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")));
        Assert.Equal(known, listed);
    }

    /// <summary>What the schema allows the reader must know, or it would call it unknown.</summary>
    [Theory]
    [InlineData("", "$")]
    [InlineData("group", "$.swarm[0]")]
    [InlineData("fault", "$.faults[0]")]
    [InlineData("arrival", "$.swarm[0].arrival")]
    [InlineData("distribution", "$.swarm[0].session")]
    [InlineData("link", "$.swarm[0].link")]
    [InlineData("engine", "$.engine")]
    [InlineData("variant", "$.variants[0]")]
    [InlineData("torrent", "$.torrent")]
    public void The_schema_lists_the_properties_that_the_reader_knows(string definition, string path)
    {
        var section = definition.Length == 0 ? Schema : Schema.GetProperty("$defs").GetProperty(definition);
        var listed = section.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);
        const string strange = "\"strange\": 1";
        var text = $$"""
            { {{strange}}, "torrent": { {{strange}} }, "engine": { {{strange}} }, "variants": [{ {{strange}} }], "faults": [{ {{strange}} }],
              "swarm": [{ {{strange}}, "arrival": { {{strange}} }, "session": { {{strange}} }, "link": { {{strange}} } }] }
            """;
        var exception = Assert.Throws<ScenarioException>(() => ScenarioReader.Parse("x", text));
        var line = exception.Message.Split(Environment.NewLine).Single(line => line.StartsWith($"x: {path}.strange: is unknown; known there: ", StringComparison.Ordinal));
        Assert.Equal(string.Join(", ", listed), line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.'));
    }

    private static JsonElement Load()
    {
        using var stream = typeof(ScenarioReader).Assembly.GetManifestResourceStream("scenarios/schema.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
