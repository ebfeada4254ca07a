namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>The lines of the table.</summary>
internal static class Shapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        new("flood, a thread to an actor", () => Flood.FromThreadAsync(4_000_000), () => FloorFlood.RoundAsync(4_000_000)),
        new("flood, an actor to an actor", () => Flood.FromActorAsync(4_000_000), null),
        new("ping-pong, 1 pair, 1 in flight", () => PingPong.RoundAsync(1, 1, 3_000_000), () => FloorPingPong.RoundAsync(1, 1, 1_000_000)),
        new("ping-pong, 1 pair, 16 in flight", () => PingPong.RoundAsync(1, 16, 6_000_000), () => FloorPingPong.RoundAsync(1, 16, 2_000_000)),
        new("ping-pong, 8 pairs, 1 in flight", () => PingPong.RoundAsync(8, 1, 6_000_000), () => FloorPingPong.RoundAsync(8, 1, 2_000_000)),
        new("ping-pong, 8 pairs, 16 in flight", () => PingPong.RoundAsync(8, 16, 16_000_000), () => FloorPingPong.RoundAsync(8, 16, 4_000_000)),
        new("ask, no timeout", () => AskLoop.RoundAsync(null, 500_000), () => FloorAsk.RoundAsync(500_000)),
        new("ask, timeout 10 s", () => AskLoop.RoundAsync(TimeSpan.FromSeconds(10), 500_000), () => FloorAsk.RoundAsync(500_000)),
        new("spawn, UntypedActor", () => Spawn.RoundAsync(Spawn.Untyped, 200_000), () => FloorSpawn.RoundAsync(200_000)),
        new("spawn, ReceiveActor of 3 handlers", () => Spawn.RoundAsync(Spawn.Receive, 200_000), () => FloorSpawn.RoundAsync(200_000)),
        new("spawn, UntypedActor, by its parent", () => Spawn.ByParentRoundAsync(Spawn.Untyped, 200_000), null),
    ];
}
