using System.Globalization;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;

namespace ActorTorrent.Cli;

/// <summary>The engine's actors as lines for people: a sum, then the tree.</summary>
internal static class ActorTreeText
{
    public static IEnumerable<string> Lines(ActorCensus census) => census.Actors.Select(Line).Prepend(Sum(census));

    private static string Sum(ActorCensus census)
    {
        var kinds = census.Actors.CountBy(a => a.Kind).OrderBy(k => k.Key).Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Value} {FaultNames.SnakeCase(k.Key.ToString())}"));
        var slowest = census.Slowest is { } slow ? $", slowest mailbox {slow.Name} {Wait(slow)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"actors {census.Actors.Count}: {string.Join(", ", kinds)}; {census.Restarts} restarts{slowest}");
    }

    private static string Line(ActorStatus actor)
    {
        var restarts = actor.Restarts switch
        {
            0 => "",
            1 => ", restarted once",
            var times => string.Create(CultureInfo.InvariantCulture, $", restarted {times} times"),
        };
        var fault = actor.LastFault is { } last
            ? string.Create(CultureInfo.InvariantCulture, $", last fault {last.At.ToLocalTime():HH:mm:ss} {Text.Printable(last.Cause)}")
            : "";
        var state = actor.State.Length == 0 ? "" : FaultNames.SnakeCase(actor.State) + ", ";
        return $"{new string(' ', 2 * actor.Depth)}{actor.Name}: {state}{Wait(actor)}{restarts}{fault}";
    }

    private static string Wait(ActorStatus actor) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(actor.IsWaiting ? "waiting > " : "")}{actor.Wait.TotalMilliseconds:0.##} ms");
}
