using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Tests.Faults;

public sealed class PeerFaultPolicyTests
{
    private static readonly FaultOptions Options = new()
    {
        RetryDelay = TimeSpan.FromSeconds(10),
        MaxRetryDelay = TimeSpan.FromSeconds(100),
        Jitter = 0.2,
        MaxRetries = 6,
        ViolationsBeforeBan = 3,
    };

    public static TheoryData<FaultCause, FaultAction> Table() => new()
    {
        { FaultCause.Refused, FaultAction.Restart },
        { FaultCause.Unreachable, FaultAction.Restart },
        { FaultCause.ConnectTimeout, FaultAction.Restart },
        { FaultCause.HandshakeTimeout, FaultAction.Restart },
        { FaultCause.Closed, FaultAction.Restart },
        { FaultCause.Reset, FaultAction.Restart },
        { FaultCause.WrongProtocol, FaultAction.Stop },
        { FaultCause.WrongInfoHash, FaultAction.Stop },
        { FaultCause.Self, FaultAction.Stop },
        { FaultCause.Duplicate, FaultAction.Stop },
        { FaultCause.ConnectionLimit, FaultAction.Stop },
        { FaultCause.NotActive, FaultAction.Stop },
        { FaultCause.Banned, FaultAction.Stop },
        { FaultCause.Filtered, FaultAction.Stop },
        { FaultCause.OversizedMessage, FaultAction.Stop },
        { FaultCause.MalformedMessage, FaultAction.Stop },
        { FaultCause.BadBitfield, FaultAction.Stop },
        { FaultCause.IndexOutOfRange, FaultAction.Stop },
        { FaultCause.UnexpectedMessage, FaultAction.Stop },
        { FaultCause.Flood, FaultAction.Stop },
        { FaultCause.Idle, FaultAction.Restart },
        { FaultCause.SendTimeout, FaultAction.Restart },
        { FaultCause.Snubbed, FaultAction.Resume },
        { FaultCause.HashFailure, FaultAction.Ban },
        { FaultCause.MetadataSize, FaultAction.Stop },
        { FaultCause.MetadataTimeout, FaultAction.Restart },
        { FaultCause.MetadataMismatch, FaultAction.Ban },
        { FaultCause.InternalError, FaultAction.Restart },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_cause_has_its_action(FaultCause cause, FaultAction action)
        => Assert.Equal(action, Policy().Decide(Fault(cause), new PeerFaultHistory(0, 0)).Action);

    [Fact]
    public void The_table_above_names_every_cause()
        => Assert.Equal(Enum.GetValues<FaultCause>(), Table().Select(row => (FaultCause)row[0]));

    [Fact]
    public void The_delay_doubles_up_to_its_maximum_give_or_take_the_jitter()
    {
        var policy = Policy();
        double[] expected = [10, 20, 40, 80, 100];
        for (var failures = 0; failures < expected.Length; failures++)
        {
            var decision = policy.Decide(Fault(FaultCause.Refused), new PeerFaultHistory(failures, 0));
            Assert.Equal(FaultAction.Restart, decision.Action);
            Assert.InRange(decision.Delay.TotalSeconds, expected[failures] * 0.8, expected[failures] * 1.2);
        }
    }

    [Theory]
    [InlineData(SupervisionPolicy.AtOnce, FaultAction.Restart, 0, 0)]
    [InlineData(SupervisionPolicy.Never, FaultAction.Stop, 0, 0)]
    [InlineData(SupervisionPolicy.AllForOne, FaultAction.Restart, 8, 12)]
    public void The_policy_of_an_experiment_decides_about_what_may_pass(SupervisionPolicy kind, FaultAction action, double least, double most)
    {
        var policy = new PeerFaultPolicy(Options with { Policy = kind }, new Random(7));
        var decision = policy.Decide(Fault(FaultCause.Reset), new PeerFaultHistory(0, 0));
        Assert.Equal(action, decision.Action);
        Assert.InRange(decision.Delay.TotalSeconds, least, most);
        Assert.Contains("faults.policy", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(FaultAction.Ban, policy.Decide(Fault(FaultCause.HashFailure), new PeerFaultHistory(0, 0)).Action);
        Assert.Equal(FaultAction.Stop, policy.Decide(Fault(FaultCause.WrongProtocol), new PeerFaultHistory(0, 0)).Action);
        Assert.Equal(FaultAction.Stop, policy.Decide(Fault(FaultCause.Reset), new PeerFaultHistory(9, 0)).Action);
    }

    [Fact]
    public void The_jitter_spreads_delays()
    {
        var policy = Policy();
        var delays = Enumerable.Range(0, 50).Select(_ => policy.Decide(Fault(FaultCause.Refused), new PeerFaultHistory(0, 0)).Delay).ToHashSet();
        Assert.True(delays.Count > 40, $"{delays.Count} different delays of 50");
    }

    [Fact]
    public void After_the_last_try_an_address_is_given_up()
    {
        var policy = Policy();
        Assert.Equal(FaultAction.Restart, policy.Decide(Fault(FaultCause.ConnectTimeout), new PeerFaultHistory(4, 0)).Action);
        Assert.Equal(FaultAction.Stop, policy.Decide(Fault(FaultCause.ConnectTimeout), new PeerFaultHistory(5, 0)).Action);
    }

    [Fact]
    public void A_peer_that_dialled_us_is_not_redialled()
        => Assert.Equal(
            FaultAction.Stop,
            Policy().Decide(Fault(FaultCause.Reset, PeerDirection.Incoming), new PeerFaultHistory(0, 0)).Action);

    [Theory]
    [InlineData(FaultCause.MalformedMessage)]
    [InlineData(FaultCause.OversizedMessage)]
    [InlineData(FaultCause.Flood)]
    public void Violations_end_in_a_ban_when_repeated(FaultCause cause)
    {
        var policy = Policy();
        Assert.Equal(FaultAction.Stop, policy.Decide(Fault(cause), new PeerFaultHistory(0, 1)).Action);
        Assert.Equal(FaultAction.Ban, policy.Decide(Fault(cause), new PeerFaultHistory(0, 2)).Action);
    }

    [Fact]
    public void Names_are_lower_case_words_and_unique()
    {
        Assert.Equal("wrong_info_hash", FaultNames.Of(FaultCause.WrongInfoHash));
        Assert.Equal("handshake", FaultNames.Of(FaultPhase.Handshake));
        Assert.Equal("restart", FaultNames.Of(FaultAction.Restart));
        Assert.Equal(FaultNames.AllCauses.Count, FaultNames.AllCauses.Distinct(StringComparer.Ordinal).Count());
        Assert.All(FaultNames.AllCauses, name => Assert.Matches("^[a-z]+(_[a-z]+)*$", name));
    }

    [Fact]
    public void The_journal_forgets_entries_but_not_counts()
    {
        var journal = new FaultJournal(capacity: 3);
        for (var i = 0; i < 10; i++)
        {
            journal.Add(new FaultJournalEntry(
                DateTimeOffset.UnixEpoch, default, Fault(i % 2 == 0 ? FaultCause.Reset : FaultCause.Idle), new(FaultAction.Stop, default, ""), i, 0));
        }
        Assert.Equal([7, 8, 9], journal.Entries.Select(e => e.Attempt));
        Assert.Equal(10, journal.Total);
        Assert.Equal(5, journal.CountOf(FaultCause.Reset));
        Assert.Equal(2, journal.Counts().Count);
    }

    private static PeerFaultPolicy Policy() => new(Options, new Random(7));

    private static PeerFault Fault(FaultCause cause, PeerDirection direction = PeerDirection.Outgoing)
        => new(1, new IPEndPoint(IPAddress.Loopback, 1), direction, FaultPhase.Transfer, cause, "test");
}
