using System.Text;
using BencodeNET.Exceptions;
using BencodeNET.Objects;
using BencodeNET.Parsing;

namespace Embedded.Tests;

public class BencodeTests
{
    private static readonly BencodeParser Parser = new();

    [Theory]
    [InlineData("0:")]
    [InlineData("4:spam")]
    [InlineData("i0e")]
    [InlineData("i42e")]
    [InlineData("i-42e")]
    [InlineData("i9223372036854775807e")]
    [InlineData("i-9223372036854775808e")]
    [InlineData("le")]
    [InlineData("l4:spami1ee")]
    [InlineData("lli1eeli2eee")]
    [InlineData("de")]
    [InlineData("d3:bar4:spam3:fooi42ee")]
    [InlineData("d1:ad1:bd1:cleeee")]
    public void What_is_parsed_is_encoded_again(string text)
    {
        var parsed = Parser.ParseString(text);
        Assert.Equal(text, parsed.EncodeAsString());
        Assert.Equal(Encoding.UTF8.GetByteCount(text), parsed.GetSizeInBytes());
    }

    [Theory]
    [InlineData("i")]
    [InlineData("ie")]
    [InlineData("i-e")]
    [InlineData("i-0e")]
    [InlineData("i01e")]
    [InlineData("i1")]
    [InlineData("i1xe")]
    [InlineData("5:spam")]
    [InlineData("l4:spam")]
    [InlineData("d3:fooi1e")]
    [InlineData("x")]
    [InlineData("di1ei2ee")]
    public void What_is_not_bencode_throws(string text) => Assert.ThrowsAny<BencodeException>(() => Parser.ParseString(text));

    [Theory]
    [InlineData("i99999999999999999999e")]
    [InlineData("99999999999:x")]
    public void What_is_too_big_is_unsupported(string text) => Assert.ThrowsAny<BencodeException>(() => Parser.ParseString(text));

    [Fact]
    public void A_dictionary_that_ends_after_a_key_throws() => Assert.Throws<ArgumentNullException>(() => Parser.ParseString("d3:foo"));

    [Fact]
    public void Keys_are_written_in_order_of_their_bytes()
    {
        var dictionary = new BDictionary { { "b", 1 }, { "a", 2 }, { "aa", 3 }, { "B", 4 } };
        Assert.Equal("d1:Bi4e1:ai2e2:aai3e1:bi1ee", dictionary.EncodeAsString());
    }

    [Fact]
    public void Typed_parsing_gives_the_type()
    {
        Assert.Equal("spam", Parser.ParseString<BString>("4:spam").ToString());
        Assert.Equal(42, Parser.ParseString<BNumber>("i42e").Value);
        Assert.Single(Parser.ParseString<BList>("li1ee"));
        Assert.Single(Parser.ParseString<BDictionary>("d1:ai1ee"));
    }

    [Fact]
    public void Typed_parsing_of_another_type_throws() =>
        Assert.ThrowsAny<BencodeException>(() => Parser.ParseString<BDictionary>("li1ee"));

    [Fact]
    public void Bytes_are_kept_as_they_are()
    {
        byte[] bytes = [0, 255, 128, 13, 10];
        Assert.Equal(bytes, ((BString)Parser.Parse(new BString(bytes).EncodeAsBytes())).Value.ToArray());
    }

    [Fact]
    public void Strings_are_compared_by_their_bytes()
    {
        Assert.True(new BString("a") == new BString("a"));
        Assert.True(new BString("a") != new BString("b"));
        Assert.Equal(new BString("a").GetHashCode(), new BString("a").GetHashCode());
        Assert.True(new BString("a").CompareTo(new BString("b")) < 0);
        Assert.True(new BString("a").CompareTo(new BString("aa")) < 0);
    }

    [Fact]
    public void Numbers_are_compared_by_value()
    {
        Assert.True(new BNumber(1) == new BNumber(1));
        Assert.True(new BNumber(1) != new BNumber(2));
        Assert.True(new BNumber(1).CompareTo(new BNumber(2)) < 0);
    }

    [Fact]
    public void Numbers_convert()
    {
        BNumber number = 5;
        Assert.Equal(5, (int)number);
        Assert.Equal(5L, (long)number);
        Assert.True((bool)number);
    }

    [Fact]
    public void Times_are_seconds_since_1970()
    {
        var time = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Assert.Equal(1577934245, new BNumber(time).Value);
        Assert.Equal(time, (DateTime?)new BNumber(1577934245));
    }

    [Fact]
    public void A_missing_key_is_null()
    {
        var dictionary = new BDictionary { { "a", 1 } };
        Assert.Null(dictionary["b"]);
        Assert.Null(dictionary.Get<BString>("a"));
        Assert.Equal(1, dictionary.Get<BNumber>("a").Value);
        Assert.False(dictionary.TryGetValue("b", out _));
    }

    [Fact]
    public void A_null_value_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new BDictionary().Add("a", (IBObject)null!));
        Assert.Throws<ArgumentNullException>(() => new BList().Add((IBObject)null!));
    }

    [Fact]
    public void Lists_convert()
    {
        Assert.Equal(["a", "b"], new BList { "a", "b" }.AsStrings());
        Assert.Equal([1L, 2L], new BList { 1, 2 }.AsNumbers());
        Assert.Equal(2, new BList { "a", "b" }.AsType<BString>().Count);
    }

    [Fact]
    public void A_stream_is_left_open()
    {
        using var stream = new MemoryStream("4:spam4:eggs"u8.ToArray());
        Assert.Equal("spam", Parser.Parse<BString>(stream).ToString());
        Assert.True(stream.CanRead);
    }

    [Theory]
    [InlineData(ExistingKeyAction.Merge, "d1:ali1ei2ee1:bi2ee")]
    [InlineData(ExistingKeyAction.Replace, "d1:ali2ee1:bi2ee")]
    [InlineData(ExistingKeyAction.Skip, "d1:ali1ee1:bi2ee")]
    public void Dictionaries_merge(ExistingKeyAction action, string expected)
    {
        var target = new BDictionary { { "a", (IBObject)new BList { 1 } } };
        target.MergeWith(new BDictionary { { "a", (IBObject)new BList { 2 } }, { "b", 2 } }, action);
        Assert.Equal(expected, target.EncodeAsString());
    }

    [Fact]
    public void Parser_errors_say_where()
    {
        var error = Assert.ThrowsAny<InvalidBencodeException<BNumber>>(() => Parser.ParseString("i01e"));
        Assert.Equal(typeof(BNumber), error.RelatedType);
        Assert.True(error.StreamPosition >= 0);
    }
}
