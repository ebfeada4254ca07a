using Akka.TestKit.Xunit2;
using Xunit.Sdk;

namespace Embedded.Tests;

/// <summary>The forms in which a test kit expects, fishes and receives.</summary>
public class ExpectationTests() : TestKit("akka.loglevel = DEBUG")
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Fact]
    public void An_expectation_may_assert_on_the_message()
    {
        TestActor.Tell(5);
        ExpectMsg<int>(i => Assert.Equal(5, i));
        TestActor.Tell(5);
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<int>(i => Assert.Equal(6, i)));
    }

    [Fact]
    public void An_expectation_may_see_the_sender()
    {
        var probe = CreateTestProbe();
        TestActor.Tell("x", probe.Ref);
        ExpectMsg<string>((m, sender) => m == "x" && sender.Equals(probe.Ref));
        TestActor.Tell("x", probe.Ref);
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>((_, sender) => sender.Equals(TestActor)));
    }

    [Fact]
    public void An_expectation_may_compare_in_its_own_way()
    {
        TestActor.Tell("ABC");
        Assert.Equal("ABC", ExpectMsg("abc", (a, b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void A_subclass_is_of_the_expected_type()
    {
        TestActor.Tell(new ArgumentNullException("x"));
        Assert.IsType<ArgumentNullException>(ExpectMsg<ArgumentException>());
    }

    [Fact]
    public void A_message_from_another_sender_fails()
    {
        TestActor.Tell("x", CreateTestProbe().Ref);
        Assert.ThrowsAny<XunitException>(() => ExpectMsgFrom(TestActor, "x"));
    }

    [Fact]
    public void A_message_of_a_sender_may_be_asked_more()
    {
        var probe = CreateTestProbe();
        TestActor.Tell(5, probe.Ref);
        Assert.Equal(5, ExpectMsgFrom<int>(probe.Ref));
        TestActor.Tell(6, probe.Ref);
        Assert.Equal(6, ExpectMsgFrom<int>(probe.Ref, i => i == 6));
        TestActor.Tell(7, probe.Ref);
        ExpectMsgFrom<int>(probe.Ref, i => Assert.Equal(7, i));
    }

    [Fact]
    public void Another_end_than_the_expected_one_fails()
    {
        var one = Watch(Sys.ActorOf(Relay.Of((_, _) => { })));
        Sys.Stop(one);
        Assert.ThrowsAny<XunitException>(() => ExpectTerminated(TestActor));
    }

    [Fact]
    public void None_of_several_fails()
    {
        TestActor.Tell("c");
        Assert.ThrowsAny<XunitException>(() => ExpectMsgAnyOf<string>(["a", "b"]));
    }

    [Fact]
    public void All_of_several_within_a_time()
    {
        TestActor.Tell(2);
        TestActor.Tell(1);
        Assert.Equal([1, 2], ExpectMsgAllOf(Long, 1, 2).Order());
    }

    [Fact]
    public void Fishing_ends_when_its_time_is_over()
    {
        TestActor.Tell(1);
        Assert.ThrowsAny<XunitException>(() => FishForMessage<int>(i => i == 2, Short));
    }

    [Fact]
    public void Fishing_by_predicate_alone_sees_every_type()
    {
        TestActor.Tell(1);
        TestActor.Tell("x");
        Assert.Equal("x", FishForMessage(m => m is string));
    }

    [Fact]
    public async Task Fishing_until_a_type_comes()
    {
        TestActor.Tell(1);
        TestActor.Tell("x");
        await FishUntilMessageAsync<string>(Long);
        await ExpectNoMsgAsync(Short);
    }

    [Fact]
    public void Receiving_while_a_predicate_holds_leaves_the_rest()
    {
        foreach (var i in new[] { 1, 2, 30, 4 })
            TestActor.Tell(i);
        Assert.Equal([1, 2], ReceiveWhile<int>(i => i < 10, Long));
        ExpectMsg(30);
        ExpectMsg(4);
    }

    [Fact]
    public void Receiving_while_ends_with_its_number()
    {
        for (var i = 0; i < 5; i++)
            TestActor.Tell(i);
        Assert.Equal([0, 1, 2], ReceiveWhile(Long, m => (object)m, 3).Cast<int>());
        ExpectMsg(3);
    }

    [Fact]
    public void Receiving_while_ends_when_nothing_comes()
    {
        TestActor.Tell("a");
        Assert.Equal(["a"], ReceiveWhile(Long, Short, m => m as string));
    }

    [Fact]
    public void Receiving_takes_the_oldest_first()
    {
        TestActor.Tell(1);
        TestActor.Tell(2);
        Assert.Equal(1, ReceiveOne(Long));
        Assert.Equal(2, ReceiveOne(Long));
        Assert.False(HasMessages);
    }

    [Fact]
    public void Looking_ahead_takes_nothing()
    {
        TestActor.Tell("x");
        Assert.Equal("x", PeekOne(Long));
        ExpectMsg("x");
    }

    [Fact]
    public void Trying_to_receive_says_whether_it_did()
    {
        TestActor.Tell("x");
        Assert.True(TryReceiveOne(out var envelope, Long));
        Assert.Equal("x", envelope.Message);
        Assert.False(TryReceiveOne(out _, Short));
    }

    [Fact]
    public async Task Many_are_received_asynchronously()
    {
        for (var i = 0; i < 3; i++)
            TestActor.Tell(i);
        var received = new List<object>();
        await foreach (var message in ReceiveNAsync(3, Long))
            received.Add(message);
        Assert.Equal([0, 1, 2], received.Cast<int>());
    }

    [Fact]
    public void What_is_too_quick_fails_within() =>
        Assert.ThrowsAny<XunitException>(() => Within(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), () => { }));

    [Fact]
    public void What_is_too_slow_fails_within() =>
        Assert.ThrowsAny<XunitException>(() => Within(Short, () => ExpectMsg<string>()));

    [Fact]
    public async Task Within_works_asynchronously()
    {
        TestActor.Tell("x");
        Assert.Equal("x", await WithinAsync(Long, async () => await ExpectMsgAsync<string>()));
    }

    [Fact]
    public async Task A_condition_that_never_holds_fails()
    {
        Assert.ThrowsAny<XunitException>(() => AwaitCondition(() => false, Short));
        await Assert.ThrowsAnyAsync<XunitException>(() => AwaitConditionAsync(() => Task.FromResult(false), Short));
    }

    [Fact]
    public async Task The_last_failure_of_an_assertion_is_the_one_thrown()
    {
        var tries = 0;
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => AwaitAssertAsync(
            () => throw new InvalidOperationException($"try {++tries}"), TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(5)));
        Assert.Contains($"try {tries}", thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_actor_ignores_and_listens_again()
    {
        IgnoreMessages(m => m is "noise");
        TestActor.Tell("noise");
        TestActor.Tell("music");
        ExpectMsg("music");
    }

    [Fact]
    public void A_pilot_may_hand_over_to_another()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, _) =>
        {
            sender.Tell("first", ActorRefs.NoSender);
            return new DelegateAutoPilot((next, _) =>
            {
                next.Tell("second", ActorRefs.NoSender);
                return AutoPilot.NoAutoPilot;
            });
        }));
        for (var i = 0; i < 3; i++)
            probe.Ref.Tell(i, TestActor);
        ExpectMsg("first");
        ExpectMsg("second");
        ExpectNoMsg(Short);

        // What a pilot has dealt with is still there for the probe.
        Assert.Equal([0, 1, 2], probe.ReceiveN(3).Cast<int>());
    }

    [Fact]
    public void A_probe_watches()
    {
        var probe = CreateTestProbe();
        var actor = probe.Watch(Sys.ActorOf(Relay.Of((_, _) => { })));
        Sys.Stop(actor);
        probe.ExpectTerminated(actor);
    }

    [Fact]
    public void Probes_have_queues_of_their_own()
    {
        var one = CreateTestProbe();
        var two = CreateTestProbe();
        one.Ref.Tell("x");
        two.ExpectNoMsg(Short);
        one.ExpectMsg("x");
    }

    [Fact]
    public void The_test_actor_may_have_children()
    {
        var child = ChildActorOf(Relay.Of((message, context) => context.Parent.Tell(message)));
        child.Tell("x");
        ExpectMsg("x");
    }

    [Fact]
    public void Actors_are_made_through_the_kit_too()
    {
        ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)), "made").Tell("x");
        ExpectMsg("x");
        Assert.Equal("made", LastSender.Path.Name);
    }
}
