using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class DilationTests() : TestKit("akka.test.timefactor = 2.0")
{
    [Fact]
    public void A_slow_machine_is_given_more_time() => Assert.Equal(TimeSpan.FromSeconds(4), Dilated(TimeSpan.FromSeconds(2)));

    [Fact]
    public void Within_is_given_more_time_too() =>
        Within(TimeSpan.FromSeconds(30), () => Assert.True(Remaining > TimeSpan.FromSeconds(31)));
}
