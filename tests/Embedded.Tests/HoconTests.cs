using Akka.Configuration;

namespace Embedded.Tests;

public class HoconTests
{
    [Theory]
    [InlineData("a = 1", "1")]
    [InlineData("a : 1", "1")]
    [InlineData("{ a = 1 }", "1")]
    [InlineData("a = one two  three", "one two  three")]
    [InlineData("a = \"quoted # text\"", "quoted # text")]
    [InlineData("a = \"with \\\"quotes\\\"\"", "with \"quotes\"")]
    [InlineData("a = \"line\\nbreak\"", "line\nbreak")]
    [InlineData("a = \"\"\"triple \"quoted\" text\"\"\"", "triple \"quoted\" text")]
    [InlineData("a = x # comment", "x")]
    [InlineData("a = x // comment", "x")]
    [InlineData("# first\na = x", "x")]
    [InlineData("// first\na = x", "x")]
    [InlineData("a = 1\na = 2", "2")]
    [InlineData("a = 1, b = 2", "1")]
    [InlineData("b = 2\nc = ${b}\na = ${c}", "2")]
    [InlineData("b = 2\na = x${b}y", "x2y")]
    public void A_text_is_read(string hocon, string expected) =>
        Assert.Equal(expected, ConfigurationFactory.ParseString(hocon).GetString("a"));

    [Theory]
    [InlineData("a.b.c = 1")]
    [InlineData("a { b { c = 1 } }")]
    [InlineData("a = { b.c = 1 }")]
    [InlineData("a.b { c : 1 }")]
    [InlineData("a { b { c = 0 } }\na.b.c = 1")]
    [InlineData("a.b.c = 0\na { b { c = 1 } }")]
    [InlineData("x { c = 1 }\na { b = ${x} }")]
    [InlineData("\"a\".\"b\".c = 1")]
    public void A_path_is_read_however_it_is_written(string hocon) =>
        Assert.Equal(1, ConfigurationFactory.ParseString(hocon).GetInt("a.b.c"));

    [Theory]
    [InlineData("on", true)]
    [InlineData("off", false)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void A_boolean_is_read(string text, bool expected) =>
        Assert.Equal(expected, ConfigurationFactory.ParseString($"a = {text}").GetBoolean("a"));

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    [InlineData("maybe")]
    public void What_is_not_a_boolean_throws(string text) =>
        Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString($"a = {text}").GetBoolean("a"));

    [Theory]
    [InlineData("10", 10)]
    [InlineData("10ms", 10)]
    [InlineData("10 ms", 10)]
    [InlineData("10 milliseconds", 10)]
    [InlineData("1 millisecond", 1)]
    [InlineData("2s", 2_000)]
    [InlineData("2 seconds", 2_000)]
    [InlineData("1 second", 1_000)]
    [InlineData("0.5s", 500)]
    [InlineData("3m", 180_000)]
    [InlineData("3 minutes", 180_000)]
    [InlineData("1 minute", 60_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("2 hours", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("2 days", 172_800_000)]
    [InlineData("0", 0)]
    public void A_duration_is_read(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ConfigurationFactory.ParseString($"a = {text}").GetTimeSpan("a"));

    [Fact]
    public void Infinite_is_a_duration() =>
        Assert.Equal(Timeout.InfiniteTimeSpan, ConfigurationFactory.ParseString("a = infinite").GetTimeSpan("a"));

    [Theory]
    [InlineData("17", 17)]
    [InlineData("1kB", 1_000)]
    [InlineData("1k", 1_024)]
    [InlineData("1KiB", 1_024)]
    [InlineData("2MiB", 2 * 1_048_576)]
    [InlineData("2MB", 2_000_000)]
    [InlineData("1GiB", 1_073_741_824)]
    public void A_size_is_read(string text, long bytes) =>
        Assert.Equal(bytes, ConfigurationFactory.ParseString($"a = {text}").GetByteSize("a"));

    [Theory]
    [InlineData("a = [1, 2, 3]")]
    [InlineData("a = [1,2,3]")]
    [InlineData("a = [\n1\n2\n3\n]")]
    [InlineData("a = [1, 2, 3,]")]
    [InlineData("b = 2\na = [1, ${b}, 3]")]
    [InlineData("a : [ 1, # one\n 2, 3 ]")]
    public void A_list_is_read(string hocon)
    {
        var config = ConfigurationFactory.ParseString(hocon);
        Assert.Equal([1, 2, 3], config.GetIntList("a"));
        Assert.Equal(["1", "2", "3"], config.GetStringList("a"));
    }

    [Fact]
    public void An_empty_list_is_a_list() => Assert.Empty(ConfigurationFactory.ParseString("a = []").GetStringList("a"));

    [Fact]
    public void A_list_of_objects_is_read()
    {
        var list = ConfigurationFactory.ParseString("a = [{ n = 1 }, { n = 2 }]").GetValue("a").GetArray();
        Assert.Equal([1, 2], list.Select(v => v.GetObject().GetKey("n").GetInt()));
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("-5", -5)]
    [InlineData("0", 0)]
    public void A_number_is_read_as_every_kind(string text, int expected)
    {
        var config = ConfigurationFactory.ParseString($"a = {text}");
        Assert.Equal(expected, config.GetInt("a"));
        Assert.Equal(expected, config.GetLong("a"));
        Assert.Equal(expected, config.GetDouble("a"));
        Assert.Equal(expected, config.GetFloat("a"));
        Assert.Equal(expected, config.GetDecimal("a"));
    }

    [Fact]
    public void A_fraction_is_read() => Assert.Equal(2.5, ConfigurationFactory.ParseString("a = 2.5").GetDouble("a"));

    [Fact]
    public void Missing_values_give_the_default()
    {
        var config = ConfigurationFactory.ParseString("x = 1");
        Assert.Equal(7, config.GetInt("a", 7));
        Assert.Equal(7L, config.GetLong("a", 7));
        Assert.Equal(7.0, config.GetDouble("a", 7));
        Assert.True(config.GetBoolean("a", true));
        Assert.Equal("d", config.GetString("a", "d"));
        Assert.Equal(TimeSpan.FromSeconds(7), config.GetTimeSpan("a", TimeSpan.FromSeconds(7)));
        Assert.Equal(7, config.GetByteSize("a", 7));
    }

    [Fact]
    public void A_number_that_is_none_throws() =>
        Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString("a = x").GetInt("a"));

    [Fact]
    public void A_substitution_of_nothing_throws() =>
        Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString("a = ${nothing}").GetString("a"));

    [Fact]
    public void A_fallback_lies_under_everything()
    {
        var config = ConfigurationFactory.ParseString("a { b = 1 }")
            .WithFallback(ConfigurationFactory.ParseString("a { b = 2, c = 3 }"))
            .WithFallback(ConfigurationFactory.ParseString("a { c = 4, d = 5 }"));
        Assert.Equal(1, config.GetInt("a.b"));
        Assert.Equal(3, config.GetInt("a.c"));
        Assert.Equal(5, config.GetInt("a.d"));
    }

    [Fact]
    public void A_fallback_changes_neither_side()
    {
        var upper = ConfigurationFactory.ParseString("a = 1");
        var lower = ConfigurationFactory.ParseString("b = 2");
        _ = upper.WithFallback(lower);
        Assert.False(upper.HasPath("b"));
        Assert.False(lower.HasPath("a"));
    }

    [Fact]
    public void A_list_replaces_a_list()
    {
        var config = ConfigurationFactory.ParseString("a = [1]").WithFallback(ConfigurationFactory.ParseString("a = [2, 3]"));
        Assert.Equal([1], config.GetIntList("a"));
    }

    [Fact]
    public void A_config_cannot_be_its_own_fallback()
    {
        var config = ConfigurationFactory.ParseString("a = 1");
        Assert.Throws<ArgumentException>(() => config.WithFallback(config));
    }

    [Fact]
    public void A_part_is_a_config_with_its_fallback()
    {
        var part = ConfigurationFactory.ParseString("a { b = 1 }").WithFallback(ConfigurationFactory.ParseString("a { c = 2 }")).GetConfig("a");
        Assert.Equal(1, part.GetInt("b"));
        Assert.Equal(2, part.GetInt("c"));
    }

    [Fact]
    public void A_missing_part_is_null_or_empty() => Assert.True(ConfigurationFactory.ParseString("a = 1").GetConfig("b").IsNullOrEmpty());

    [Fact]
    public void Empty_is_empty() => Assert.True(ConfigurationFactory.Empty.IsEmpty);

    [Fact]
    public void Haspath_says_what_is_there()
    {
        var config = ConfigurationFactory.ParseString("a { b = 1 }");
        Assert.True(config.HasPath("a"));
        Assert.True(config.HasPath("a.b"));
        Assert.False(config.HasPath("a.c"));
        Assert.False(config.HasPath("b"));
    }

    [Fact]
    public void Enumeration_gives_the_first_level() =>
        Assert.Equal(["a", "b"], ConfigurationFactory.ParseString("a { x = 1 }\nb = 2").AsEnumerable().Select(p => p.Key).Order());

    [Fact]
    public void A_string_is_a_config()
    {
        Config config = "a = 1";
        Assert.Equal(1, config.GetInt("a"));
    }

    [Theory]
    [InlineData("a = \"no end")]
    [InlineData("a = [1, 2")]
    public void What_has_no_end_does_not_throw(string hocon) => Assert.Null(Record.Exception(() => ConfigurationFactory.ParseString(hocon)));

    [Fact]
    public void Later_wins_also_for_what_substitutions_fill_in()
    {
        var config = ConfigurationFactory.ParseString("base { a = 1, b = 2 }\nown = ${base}\nown { b = 3 }");
        Assert.Equal(1, config.GetInt("own.a"));
        Assert.Equal(3, config.GetInt("own.b"));
    }

    [Fact]
    public void A_scalar_replaces_an_object()
    {
        var config = ConfigurationFactory.ParseString("a { b = 1 }\na = 2");
        Assert.Equal(2, config.GetInt("a"));
        Assert.False(config.HasPath("a.b"));
    }

    [Fact]
    public void Three_layers_find_the_first_that_knows()
    {
        var config = ConfigurationFactory.ParseString("x = 1")
            .WithFallback(ConfigurationFactory.ParseString("y = 2, deep { a = 1 }"))
            .WithFallback(ConfigurationFactory.ParseString("x = 9, y = 9, z = 3, deep { a = 9, b = 2 }"));
        Assert.Equal([1, 2, 3], new[] { "x", "y", "z" }.Select(key => config.GetInt(key)));
        Assert.Equal(2, config.GetConfig("deep").GetInt("b"));
        Assert.Equal(1, config.GetInt("deep.a"));
    }

    [Fact]
    public void A_config_of_its_own_is_missing_where_there_is_none() =>
        Assert.True(ConfigurationFactory.ParseString("a { b = 1 }").GetConfig("a.c").IsNullOrEmpty());

    [Theory]
    [InlineData("a = 1x")]
    [InlineData("a = [1]")]
    public void A_number_of_another_form_throws(string hocon) =>
        Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString(hocon).GetInt("a"));

    [Fact]
    public void Dots_in_quoted_keys_do_not_divide() =>
        Assert.Equal(1, ConfigurationFactory.ParseString("a { \"b.c\" = 1 }").GetConfig("a").AsEnumerable().Single(p => p.Key.Trim('"') == "b.c").Value.GetInt());
}
