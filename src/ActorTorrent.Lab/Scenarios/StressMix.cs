using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>Makes a scenario of a number of peers and a mix of behaviours.</summary>
public static class StressMix
{
    private const long SeedRate = 2L << 20;
    private const int Seeds = 4;
    private const int MostConnections = 100_000;
    private const double FloodsPerSecond = 50;

    private static readonly Dictionary<string, string> Mixes = new(StringComparer.Ordinal)
    {
        ["none"] = "idle=1",
        ["mixed"] = "idle=8,free-rider=4,silent=2,resets=1,closes=1,drips=2,floods=1,wrong-info-hash=1",
        ["hostile"] = "drips=3,floods=3,silent=2,resets=2,closes=1,wrong-protocol=1,wrong-info-hash=1,lies=2,corrupts=2",
        ["leechers"] = "free-rider=1",
    };

    /// <summary>The mixes that have a name.</summary>
    public static IReadOnlyCollection<string> Names => Mixes.Keys;

    /// <summary>Makes the scenario.</summary>
    /// <param name="peers">How many peers.</param>
    /// <param name="mix">A mix by name, or behaviours with weights such as <c>idle=8,silent=1</c>.</param>
    /// <param name="duration">How long.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="hasSeeds">Whether there are good seeds to download from, too.</param>
    /// <exception cref="ScenarioException">The mix cannot be used.</exception>
    public static Scenario Scenario(int peers, string mix, TimeSpan duration, int seed, bool hasSeeds)
    {
        var parts = Parse(Mixes.GetValueOrDefault(mix, mix));
        var groups = new List<string>();
        if (hasSeeds)
            groups.Add(string.Create(CultureInfo.InvariantCulture, $$"""{ "name": "good seeds", "count": {{Seeds}}, "behaviour": "healthy", "rate": "{{SeedRate}}B/s" }"""));
        var total = parts.Sum(static part => part.Weight);
        var (given, upTo) = (0, 0.0);
        foreach (var (behaviour, weight) in parts)
        {
            // Each gets the whole numbers up to its share, so that they add up.
            upTo += weight;
            var count = (int)Math.Round(peers * upTo / total) - given;
            given += count;
            var perSecond = behaviour == PeerBehaviour.Floods ? FloodsPerSecond : 1;
            groups.Add(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{ "name": "{{ScenarioNames.Of(behaviour)}}", "count": {{count}}, "behaviour": "{{ScenarioNames.Of(behaviour)}}", "perSecond": {{perSecond}}, "probability": 0.1, "rate": "64KiB/s"{{(Dials(behaviour) ? ", \"dials\": true, \"reconnectAfter\": \"2s\"" : "")}} }"""));
        }
        var most = Math.Min(peers + 100, MostConnections);
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $$"""
            {
              "name": "stress",
              "description": "{{JavaScriptEncoder.Default.Encode(string.Create(CultureInfo.InvariantCulture, $"{peers} peers: {mix}."))}}",
              "seed": {{seed}},
              "duration": "{{duration.TotalMilliseconds}}ms",
              "endsWhenComplete": false,
              "torrent": { "size": "256MiB", "pieceLength": "1MiB" },
              "engine": {
                "measureMailboxes": {{(peers <= 1000 ? "true" : "false")}},
                "settings": [
                  "actortorrent.peer.max-connections = {{most}}",
                  "actortorrent.torrent.max-peers = {{most}}",
                  "actortorrent.listen.max-pending = 2000"
                ]
              },
              "swarm": [
                {{string.Join(",\n    ", groups)}}
              ]
            }
            """);
        return ScenarioReader.Parse("stress", text.ToString());
    }

    private static List<(PeerBehaviour Behaviour, double Weight)> Parse(string mix)
    {
        var parts = new List<(PeerBehaviour, double)>();
        foreach (var part in mix.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, weight) = part.Split('=') switch
            {
                [var only] => (only, "1"),
                [var first, var second] => (first, second),
                _ => (part, ""),
            };
            var behaviours = Enum.GetValues<PeerBehaviour>().Where(static behaviour => behaviour != PeerBehaviour.Engine).ToDictionary(ScenarioNames.Of, StringComparer.Ordinal);
            if (!behaviours.TryGetValue(name, out var behaviour))
                throw new ScenarioException($"'{name}' is no behaviour; it must be one of {string.Join(", ", behaviours.Keys)}, or a mix of {string.Join(", ", Names)}.");
            if (!double.TryParse(weight, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number <= 0)
                throw new ScenarioException($"'{part}': the weight must be a number above 0.");
            parts.Add((behaviour, number));
        }
        return parts.Count > 0 ? parts : throw new ScenarioException("the mix is empty.");
    }

    private static bool Dials(PeerBehaviour behaviour) => behaviour is not
        (PeerBehaviour.Refuses or PeerBehaviour.NeverAccepts or PeerBehaviour.FirstWriteup or PeerBehaviour.Engine or PeerBehaviour.Corrupts or PeerBehaviour.Lies
        or PeerBehaviour.Healthy or PeerBehaviour.Dies or PeerBehaviour.Stalls);
}
