using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Xunit2;
using Xunit.Sdk;

namespace Embedded.Tests;

/// <summary>What an event filter counts, and when it fails.</summary>
public partial class EventFilterTests() : TestKit(ConfigurationFactory.ParseString("akka.loglevel = DEBUG, akka.test.timefactor = 1.0"))
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void Too_many_events_fail() =>
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info("x").Expect(1, () =>
        {
            Sys.Log.Info("x");
            Sys.Log.Info("x");
            Settle();
        }));

    [Fact]
    public void Another_text_does_not_count() =>
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info("x").Expect(1, Short, () => Sys.Log.Info("xx")));

    [Theory]
    [InlineData(LogLevel.DebugLevel)]
    [InlineData(LogLevel.InfoLevel)]
    [InlineData(LogLevel.WarningLevel)]
    [InlineData(LogLevel.ErrorLevel)]
    public void Every_level_has_its_filter(LogLevel level)
    {
        var filter = level switch
        {
            LogLevel.DebugLevel => EventFilter.Debug("x"),
            LogLevel.InfoLevel => EventFilter.Info("x"),
            LogLevel.WarningLevel => EventFilter.Warning("x"),
            _ => EventFilter.Error("x"),
        };
        filter.ExpectOne(() => Sys.Log.Log(level, null!, "x"));
    }

    [Fact]
    public void Values_are_filled_in_before_the_text_is_compared() =>
        EventFilter.Warning("2 of 3").ExpectOne(() => Sys.Log.Warning("{0} of {1}", 2, 3));

    [Fact]
    public void A_pattern_finds_an_exceptions_message() =>
        EventFilter.Exception<InvalidOperationException>(Numbered()).ExpectOne(() => Sys.Log.Error(new InvalidOperationException("number 17"), "what"));

    [Fact]
    public void A_part_finds_an_exceptions_message() =>
        EventFilter.Exception<InvalidOperationException>(contains: "number").ExpectOne(() => Sys.Log.Error(new InvalidOperationException("a number"), "what"));

    [Fact]
    public void Another_exception_does_not_count() =>
        Assert.ThrowsAny<XunitException>(() => EventFilter.Exception<TimeoutException>().Expect(
            1, Short, () => Sys.Log.Error(new InvalidOperationException("x"), "what")));

    [Fact]
    public void A_failing_actor_is_found_by_its_exception()
    {
        var actor = Sys.ActorOf(Relay.Of((_, _) => throw new InvalidOperationException("told to")));
        EventFilter.Exception<InvalidOperationException>("told to").Expect(2, () =>
        {
            actor.Tell(1);
            actor.Tell(2);
        });
    }

    [Fact]
    public async Task Events_are_counted_asynchronously()
    {
        await EventFilter.Info("x").ExpectAsync(2, async () =>
        {
            await Task.Yield();
            Sys.Log.Info("x");
            Sys.Log.Info("x");
        });
    }

    [Fact]
    public void The_action_may_give_a_result() => Assert.Equal(5, EventFilter.Info("x").ExpectOne(() =>
    {
        Sys.Log.Info("x");
        return 5;
    }));

    [Fact]
    public void None_is_a_number_too() => EventFilter.Error().Expect(0, Short, () => Sys.Log.Info("x"));

    [Fact]
    public void Dead_letters_are_counted_by_their_type() =>
        EventFilter.DeadLetter<int>().Expect(2, () =>
        {
            Sys.DeadLetters.Tell(1);
            Sys.DeadLetters.Tell("another");
            Sys.DeadLetters.Tell(2);
        });

    [Fact]
    public void A_filter_of_ones_own_sees_the_kind_of_event() =>
        EventFilter.Custom<Warning>(w => w.LogSource.Length > 0).ExpectOne(() => Sys.Log.Warning("x"));

    [Fact]
    public void What_fails_inside_comes_out() =>
        Assert.Throws<InvalidOperationException>(() => EventFilter.Info("x").ExpectOne(() => throw new InvalidOperationException("inside")));

    /// <summary>Returns when what was logged so far has been seen.</summary>
    private void Settle()
    {
        var last = Guid.NewGuid().ToString();
        EventFilter.Debug(last).ExpectOne(() => Sys.Log.Debug(last));
    }

    [GeneratedRegex("number [0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Numbered();
}
