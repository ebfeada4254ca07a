using System.Text.RegularExpressions;
using Akka.Event;
using Akka.TestKit.Xunit2;
using Xunit.Sdk;

namespace Embedded.Tests;

public partial class TestKitTests() : TestKit("akka.loglevel = DEBUG")
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    [Fact]
    public void An_expected_message_is_given_back()
    {
        TestActor.Tell("x");
        Assert.Equal("x", ExpectMsg<string>());
    }

    [Fact]
    public void A_message_of_another_type_fails()
    {
        TestActor.Tell("x");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<int>());
    }

    [Fact]
    public void Another_message_fails()
    {
        TestActor.Tell("x");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg("y"));
    }

    [Fact]
    public void A_message_that_does_not_come_fails() => Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(Short));

    [Fact]
    public void A_predicate_is_asked()
    {
        TestActor.Tell(5);
        ExpectMsg<int>(i => i > 4);
        TestActor.Tell(3);
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<int>(i => i > 4));
    }

    [Fact]
    public void No_message_is_no_message()
    {
        ExpectNoMsg(Short);
        TestActor.Tell("x");
        Assert.ThrowsAny<XunitException>(() => ExpectNoMsg(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Any_of_several_will_do()
    {
        TestActor.Tell("b");
        Assert.Equal("b", ExpectMsgAnyOf<string>(["a", "b"]));
    }

    [Fact]
    public void All_of_several_may_come_in_any_order()
    {
        TestActor.Tell("b");
        TestActor.Tell("a");
        ExpectMsgAllOf("a", "b");
    }

    [Fact]
    public void One_missing_of_several_fails()
    {
        TestActor.Tell("b");
        TestActor.Tell("c");
        Assert.ThrowsAny<XunitException>(() => ExpectMsgAllOf("a", "b"));
    }

    [Fact]
    public void Fishing_passes_over_the_others()
    {
        TestActor.Tell(1);
        TestActor.Tell("x");
        TestActor.Tell(2);
        Assert.Equal(2, FishForMessage<int>(i => i == 2));
    }

    [Fact]
    public void Receiving_many_keeps_their_order()
    {
        for (var i = 0; i < 5; i++)
            TestActor.Tell(i);
        Assert.Equal([0, 1, 2, 3, 4], ReceiveN(5).Cast<int>());
    }

    [Fact]
    public void Receiving_too_many_fails()
    {
        TestActor.Tell(1);
        Assert.ThrowsAny<XunitException>(() => ReceiveN(2, Short));
    }

    [Fact]
    public void Receiving_while_stops_at_the_first_other()
    {
        TestActor.Tell("a");
        TestActor.Tell("b");
        TestActor.Tell(3);
        Assert.Equal(["a", "b"], ReceiveWhile(TimeSpan.FromSeconds(1), message => message as string));
        ExpectMsg(3);
    }

    [Fact]
    public void Receiving_one_gives_null_when_none_comes() => Assert.Null(ReceiveOne(Short));

    [Fact]
    public void The_last_message_and_its_sender_are_known()
    {
        var probe = CreateTestProbe();
        TestActor.Tell("x", probe.Ref);
        ExpectMsg("x");
        Assert.Equal("x", LastMessage);
        Assert.Equal(probe.Ref, LastSender);
    }

    [Fact]
    public void A_message_from_the_right_sender_will_do()
    {
        var probe = CreateTestProbe();
        TestActor.Tell("x", probe.Ref);
        ExpectMsgFrom(probe.Ref, "x");
    }

    [Fact]
    public void Ignored_messages_are_not_seen()
    {
        IgnoreMessages<int>(i => i < 10);
        TestActor.Tell(5);
        TestActor.Tell(15);
        ExpectMsg(15);
        IgnoreNoMessages();
        TestActor.Tell(5);
        ExpectMsg(5);
    }

    [Fact]
    public void A_probe_answers_and_forwards()
    {
        var probe = CreateTestProbe();
        var asker = CreateTestProbe();
        probe.Ref.Tell("question", asker.Ref);
        probe.ExpectMsg("question");
        Assert.Equal(asker.Ref, probe.Sender);
        probe.Reply("answer");
        asker.ExpectMsg("answer");
        probe.Forward(TestActor);
        ExpectMsg("question");
        Assert.Equal(asker.Ref, LastSender);
    }

    [Fact]
    public void A_probe_sends_as_itself()
    {
        var probe = CreateTestProbe();
        probe.Send(Sys.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message))), "x");
        probe.ExpectMsg("x");
    }

    [Fact]
    public void A_probe_is_a_reference()
    {
        var probe = CreateTestProbe("named");
        Assert.Equal("named", ((IActorRef)probe).Path.Name);
        Assert.True(probe.Equals(probe.Ref));
        probe.Tell("x");
        probe.ExpectMsg("x");
    }

    [Fact]
    public void A_pilot_answers_by_itself()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"auto {message}", ActorRefs.NoSender);
            return message is "stop" ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        probe.Ref.Tell(1, TestActor);
        ExpectMsg("auto 1");
        probe.Ref.Tell("stop", TestActor);
        ExpectMsg("auto stop");
        probe.Ref.Tell(2, TestActor);
        ExpectNoMsg(Short);
    }

    [Fact]
    public void Within_lets_what_is_quick_pass() => Assert.Equal(5, Within(TimeSpan.FromSeconds(5), () => 5));

    [Fact]
    public void Within_bounds_what_is_expected_inside() =>
        Within(TimeSpan.FromSeconds(5), () => Assert.True(Remaining <= TimeSpan.FromSeconds(5)));

    [Fact]
    public void Remaining_outside_within_is_refused() => Assert.Throws<InvalidOperationException>(() => Remaining);

    [Fact]
    public void An_assertion_is_tried_until_it_holds()
    {
        var tries = 0;
        AwaitAssert(() => Assert.True(++tries > 2), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(5));
        Assert.Equal(3, tries);
    }

    [Fact]
    public void An_assertion_that_never_holds_fails() =>
        Assert.ThrowsAny<XunitException>(() => AwaitAssert(() => Assert.Fail("never"), Short, TimeSpan.FromMilliseconds(5)));

    [Fact]
    public async Task An_asynchronous_assertion_is_tried_until_it_holds()
    {
        var tries = 0;
        await AwaitAssertAsync(
            async () =>
            {
                await Task.Yield();
                Assert.True(++tries > 2);
            },
            TimeSpan.FromSeconds(5),
            TimeSpan.FromMilliseconds(5));
    }

    [Fact]
    public async Task A_condition_is_waited_for()
    {
        var tries = 0;
        AwaitCondition(() => ++tries > 2, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(5));
        await AwaitConditionAsync(() => Task.FromResult(++tries > 5), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(5));
        Assert.False(AwaitConditionNoThrow(() => false, Short));
    }

    [Fact]
    public async Task Messages_are_expected_asynchronously_too()
    {
        TestActor.Tell("x");
        Assert.Equal("x", await ExpectMsgAsync<string>());
        TestActor.Tell("y");
        await ExpectMsgAsync("y");
        await ExpectNoMsgAsync(Short);
    }

    [Fact]
    public async Task The_test_actor_stays_the_sender_after_an_await()
    {
        var echo = Sys.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)));
        await Task.Yield();
        echo.Tell("x");
        await ExpectMsgAsync("x");
    }

    [Theory]
    [InlineData("exact")]
    [InlineData("start")]
    [InlineData("contains")]
    [InlineData("pattern")]
    public void Warnings_are_filtered(string kind)
    {
        var filter = kind switch
        {
            "exact" => EventFilter.Warning("the sky is falling"),
            "start" => EventFilter.Warning(start: "the sky"),
            "contains" => EventFilter.Warning(contains: "sky is"),
            _ => EventFilter.Warning(Falling()),
        };
        filter.ExpectOne(() => Sys.Log.Warning("the sky is falling"));
    }

    [Fact]
    public void Events_are_counted() =>
        EventFilter.Info("again").Expect(3, () =>
        {
            for (var i = 0; i < 3; i++)
                Sys.Log.Info("again");
        });

    [Fact]
    public void Too_few_events_fail() =>
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info("x").Expect(2, TimeSpan.FromMilliseconds(200), () => Sys.Log.Info("x")));

    [Fact]
    public void Other_levels_do_not_count() =>
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info("x").Expect(1, TimeSpan.FromMilliseconds(200), () => Sys.Log.Warning("x")));

    [Fact]
    public async Task Events_are_expected_asynchronously_too() =>
        await EventFilter.Debug("x").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            Sys.Log.Debug("x");
        });

    [Fact]
    public void Exceptions_are_filtered() =>
        EventFilter.Exception<InvalidOperationException>("why").ExpectOne(() => Sys.Log.Error(new InvalidOperationException("why"), "what"));

    [Fact]
    public void Dead_letters_are_filtered() => EventFilter.DeadLetter<string>().ExpectOne(() => Sys.DeadLetters.Tell("x"));

    [Fact]
    public void Custom_filters_see_the_event() =>
        EventFilter.Custom(e => e.Message.ToString() == "mine").ExpectOne(() => Sys.Log.Error("mine"));

    [Fact]
    public void Time_is_dilated_as_configured() => Assert.Equal(TimeSpan.FromSeconds(2), Dilated(TimeSpan.FromSeconds(2)));

    [Fact]
    public void A_latch_opens_when_it_was_counted_down()
    {
        var latch = CreateTestLatch(2);
        latch.CountDown();
        Assert.False(latch.IsOpen);
        latch.CountDown();
        Assert.True(latch.IsOpen);
        latch.Ready();
    }

    [GeneratedRegex("sky.*falling", RegexOptions.None, 1000)]
    private static partial Regex Falling();
}
