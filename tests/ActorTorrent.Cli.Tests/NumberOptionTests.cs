using System.CommandLine;

namespace ActorTorrent.Cli.Tests;

public sealed class NumberOptionTests
{
    [Theory]
    [InlineData("-5", -5)]
    [InlineData("0", 0)]
    [InlineData("+7", 7)]
    [InlineData("10", 10)]
    public void A_number_within_the_bounds_is_taken(string text, int number)
    {
        var option = NumberOption.Create("--n", -5, 10, "A number.");
        var parsed = new RootCommand { option }.Parse(["--n", text]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(number, parsed.GetValue(option));
    }

    [Theory]
    [InlineData("-6")]
    [InlineData("11")]
    [InlineData("ten")]
    [InlineData("1e1")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_an_error_that_names_option_value_and_bounds(string text)
    {
        var parsed = new RootCommand { NumberOption.Create("--n", -5, 10, "A number.") }.Parse(["--n", text]);

        Assert.Equal($"--n: '{text}' is not a number from -5 to 10.", Assert.Single(parsed.Errors).Message);
    }

    [Fact]
    public void Without_an_upper_bound_the_error_names_the_lower_one()
    {
        var parsed = new RootCommand { NumberOption.Create("--n", 1, int.MaxValue, "A number.") }.Parse(["--n", "0"]);

        Assert.Equal("--n: '0' is not a number of 1 or more.", Assert.Single(parsed.Errors).Message);
    }

    [Fact]
    public void Left_out_it_is_the_fallback_or_nothing()
    {
        var without = NumberOption.Create("--a", 0, 9, "A number.");
        var with = NumberOption.Create("--b", 0, 9, "A number.", fallback: 4);
        var parsed = new RootCommand { without, with }.Parse([]);

        Assert.Null(parsed.GetValue(without));
        Assert.Equal(4, parsed.GetValue(with));
    }
}
