using System.Globalization;
using System.Net;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>Makes the plan of a run from a scenario and a seed, and from nothing else: no clock, no machine.</summary>
public static class SwarmPlanner
{
    private const int FirstAddress = 0x7F02_0000;
    private const int AddressesPerNetwork = 250;

    /// <summary>Makes the plan.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">What decides what it leaves open.</param>
    public static SwarmPlan Plan(Scenario scenario, int seed)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var peers = new List<PlannedPeer>();
        var lives = new List<List<(TimeSpan From, TimeSpan To)>>();
        var events = new List<PlannedEvent>();
        for (var i = 0; i < scenario.Swarm.Count; i++)
        {
            // Of its own, so that a change of one group leaves the others as they were.
            var random = new Random(HashCodeOf(seed, i));
            PlanGroup(scenario, scenario.Swarm[i], random, peers, lives, events);
        }
        for (var i = 0; i < scenario.Faults.Count; i++)
            PlanFault(scenario, scenario.Faults[i], new Random(HashCodeOf(seed, ~i)), peers, lives, events);
        // Stable: what is planned for one moment keeps its order, and one moment's arrivals are one event.
        var ordered = events.OrderBy(static happening => happening.At).ToArray();
        return new SwarmPlan(peers, Join(ordered));
    }

    private static void PlanGroup(
        Scenario scenario, PeerGroup group, Random random, List<PlannedPeer> peers, List<List<(TimeSpan From, TimeSpan To)>> lives, List<PlannedEvent> events)
    {
        var scripts = Scripts(group, random);
        var clock = group.Arrival.At;
        foreach (var script in scripts)
        {
            var index = peers.Count;
            peers.Add(new PlannedPeer(index, group.Name, AddressOf(index), script) { EngineSeed = script is null ? random.Next() : 0 });
            var from = Round(group.Arrival.Kind switch
            {
                ArrivalKind.Poisson => clock += TimeSpan.FromSeconds(Exponential(random) / group.Arrival.PerSecond),
                ArrivalKind.FlashCrowd => clock + (group.Arrival.Mean * Exponential(random)),
                _ => clock,
            });
            var life = new List<(TimeSpan From, TimeSpan To)>();
            while (from < scenario.Duration)
            {
                events.Add(new PlannedEvent(from, PlannedAction.Arrive) { Peers = [index] });
                var to = group.Session is { } session ? from + session.Draw(random) : TimeSpan.MaxValue;
                life.Add((from, to));
                if (to >= scenario.Duration)
                    break;
                events.Add(new PlannedEvent(to, PlannedAction.Leave) { Peers = [index], Ending = group.Ending });
                if (group.Away is not { } away)
                    break;
                from = to + away.Draw(random);
            }
            lives.Add(life);
        }
    }

    private static void PlanFault(
        Scenario scenario, InjectedFault fault, Random random, List<PlannedPeer> peers, List<List<(TimeSpan From, TimeSpan To)>> lives, List<PlannedEvent> events)
    {
        var at = fault.At;
        for (var n = 0; n < fault.Times && at < scenario.Duration; n++)
        {
            var end = fault.For is { } lasts ? at + lasts : (TimeSpan?)null;
            switch (fault.Kind)
            {
                case InjectedFaultKind.TrackerDown:
                    events.Add(new PlannedEvent(at, PlannedAction.TrackerDown) { Fault = "tracker down" });
                    if (end is { } up)
                        events.Add(new PlannedEvent(up, PlannedAction.TrackerUp));
                    break;
                case InjectedFaultKind.SlowDisk:
                    events.Add(new PlannedEvent(at, PlannedAction.DiskSlow)
                    {
                        Delay = fault.Delay,
                        Fault = string.Create(CultureInfo.InvariantCulture, $"disk slower by {fault.Delay.TotalMilliseconds} ms an operation"),
                    });
                    if (end is { } normal)
                        events.Add(new PlannedEvent(normal, PlannedAction.DiskNormal));
                    break;
                default:
                    Strike(fault, at, end, random, peers, lives, events);
                    break;
            }
            if (fault.Every is not { } pause)
                break;
            at += pause;
        }
    }

    private static void Strike(
        InjectedFault fault, TimeSpan at, TimeSpan? end, Random random, List<PlannedPeer> peers, List<List<(TimeSpan From, TimeSpan To)>> lives, List<PlannedEvent> events)
    {
        var isCut = fault.Kind == InjectedFaultKind.Partition;
        var present = peers
            .Where(peer => (peer.Script is not null || !isCut) && (fault.Of is null || peer.Group == fault.Of)
                && lives[peer.Index].Exists(life => life.From <= at && at < life.To))
            .Select(static peer => peer.Index)
            .ToArray();
        random.Shuffle(present);
        var victims = present[..(int)Math.Round(present.Length * fault.Share)];
        Array.Sort(victims);
        if (victims.Length == 0)
            return;
        events.Add(new PlannedEvent(at, isCut ? PlannedAction.CutOff : PlannedAction.Leave)
        {
            Peers = victims,
            Ending = fault.Ending,
            Fault = string.Create(
                CultureInfo.InvariantCulture,
                $"{victims.Length} of {present.Length} {fault.Of ?? "peers"} {(isCut ? "cut off" : $"killed ({ScenarioNames.Of(fault.Ending)})")}"),
        });
        if (end is not { } back)
            return;
        // Those whose session would have ended meanwhile stay away.
        var returning = isCut ? victims : [.. victims.Where(victim => lives[victim].Exists(life => life.From <= back && back < life.To))];
        if (returning.Length > 0)
            events.Add(new PlannedEvent(back, isCut ? PlannedAction.Rejoin : PlannedAction.Arrive) { Peers = returning });
    }

    private static List<PlannedEvent> Join(PlannedEvent[] ordered)
    {
        var joined = new List<PlannedEvent>(ordered.Length);
        foreach (var happening in ordered)
        {
            if (joined.Count > 0 && joined[^1] is var last && happening.Action == PlannedAction.Arrive && last.Action == PlannedAction.Arrive && last.At == happening.At
                && last.Peers is List<int> together)
            {
                together.AddRange(happening.Peers);
            }
            else
            {
                joined.Add(happening.Action == PlannedAction.Arrive ? happening with { Peers = happening.Peers.ToList() } : happening);
            }
        }
        return joined;
    }

    private static IEnumerable<PeerScript?> Scripts(PeerGroup group, Random random)
    {
        for (var i = 0; i < group.Count; i++)
        {
            if (group.Behaviour == PeerBehaviour.FirstWriteup)
            {
                var answering = Enumerable.Repeat(PeerScript.Healthy(group.BytesPerSecond), FirstWriteupSwarm.Answering).ToArray();
                foreach (var script in FirstWriteupSwarm.Create(random.Next(), answering))
                    yield return script with { Link = group.Link };
            }
            else
            {
                yield return group.Behaviour == PeerBehaviour.Engine ? null : Script(group, random);
            }
        }
    }

    private static PeerScript Script(PeerGroup group, Random random)
    {
        var length = (int)Math.Min(group.AfterBytes, Wire.Peers.Handshake.Length);
        var script = group.Behaviour switch
        {
            PeerBehaviour.Stalls => PeerScript.Stalls(group.AfterBytes, group.BytesPerSecond),
            PeerBehaviour.Dies => PeerScript.Dies(
                group.AfterBytes, group.Ending == PeerDeparture.Fin ? TransferEnding.Close : TransferEnding.Reset, group.BytesPerSecond, group.ReturnsAfter),
            PeerBehaviour.Refuses => PeerScript.Refuses(),
            PeerBehaviour.NeverAccepts => PeerScript.NeverAccepts(),
            PeerBehaviour.Silent => PeerScript.Silent(length),
            PeerBehaviour.Closes => PeerScript.ClosesHandshake(length),
            PeerBehaviour.Resets => PeerScript.ResetsHandshake(length),
            PeerBehaviour.WrongProtocol => PeerScript.WrongProtocol(),
            PeerBehaviour.WrongInfoHash => PeerScript.WrongInfoHash(),
            PeerBehaviour.Corrupts => PeerScript.Corrupts(new BlockCorruption(group.Probability, group.Every), group.BytesPerSecond),
            PeerBehaviour.Lies => new PeerScript { Name = "lies", LiesInBitfield = true },
            PeerBehaviour.Chokes => new PeerScript { Name = "chokes", ChokesForever = true },
            PeerBehaviour.Floods => PeerScript.Healthy(group.BytesPerSecond) with { Name = "floods", FloodPerSecond = group.PerSecond },
            PeerBehaviour.Drips => new PeerScript
            {
                Name = "drips",
                HandshakeBytesPerSecond = group.PerSecond,
                BytesPerSecond = (long)Math.Max(1, group.PerSecond),
            },
            PeerBehaviour.Idle => new PeerScript { Name = "idle", Role = PeerRole.Idle },
            PeerBehaviour.FreeRider => new PeerScript { Name = "free rider", Role = PeerRole.FreeRider },
            _ => PeerScript.Healthy(group.BytesPerSecond),
        };
        return script with
        {
            Dials = group.Dials,
            ReconnectAfter = group.ReconnectAfter,
            Link = group.Link,
            PeerId = StubPeerIds.Create("-LB0100-", random),
            Seed = random.Next(),
        };
    }

    private static IPAddress AddressOf(int index)
    {
        var number = FirstAddress + (index / AddressesPerNetwork * 256) + (index % AddressesPerNetwork) + 1;
        return new IPAddress(unchecked((uint)IPAddress.HostToNetworkOrder(number)));
    }

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());

    private static TimeSpan Round(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds));

    private static int HashCodeOf(int seed, int part) => unchecked((seed * 16_777_619) ^ (part * 486_187_739));
}
