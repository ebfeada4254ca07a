using System.Diagnostics;
using System.Text;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Bencode;

public class BencodeScannerTests
{
    [Theory]
    [InlineData("i0e")]
    [InlineData("i-1e")]
    [InlineData("i9223372036854775807e")]
    [InlineData("i-9223372036854775808e")]
    [InlineData("0:")]
    [InlineData("<spam>")]
    [InlineData("le")]
    [InlineData("de")]
    [InlineData("l<a>i1eldeee")]
    [InlineData("d<a>i1e<b>l<x>ee")]
    [InlineData("d<b>i1e<a>i2ee")]
    public void Accepts(string text) => BencodeScanner.Check(Bencoded.Of(text));

    [Theory]
    [InlineData("^", "", "the input is empty")]
    [InlineData("^x", "", "starts with i, l, d or a digit")]
    [InlineData("^e", "", "starts with i, l, d or a digit")]
    [InlineData("i12^", "", "ends inside an integer")]
    [InlineData("^ie", "", "no digits")]
    [InlineData("^i-e", "", "no digits")]
    [InlineData("^i-0e", "", "minus zero")]
    [InlineData("^i03e", "", "leading zeros")]
    [InlineData("^i00e", "", "leading zeros")]
    [InlineData("^i-03e", "", "leading zeros")]
    [InlineData("i1^.5e", "", "digits only")]
    [InlineData("i^+1e", "", "digits only")]
    [InlineData("^i9223372036854775808e", "", "64 bits")]
    [InlineData("^i-9223372036854775809e", "", "64 bits")]
    [InlineData("^4:abc", "", "only 3 are there")]
    [InlineData("^04:abcd", "", "leading zeros")]
    [InlineData("^00:", "", "leading zeros")]
    [InlineData("12^", "", "ends inside a string's length")]
    [InlineData("1^x", "", "ends with a colon")]
    [InlineData("^99999999999999999999:x", "", "over 2 GiB")]
    [InlineData("i1e^i2e", "", "3 bytes follow")]
    [InlineData("l<a>^", "", "ends inside a list")]
    [InlineData("d<a>^", "a", "ends inside a list or dictionary")]
    [InlineData("d<a>^e", "a", "without its value")]
    [InlineData("d^i1ei2ee", "", "key is a string")]
    [InlineData("d<info>d<piece length>^i01eee", "info.piece length", "leading zeros")]
    [InlineData("d<info>d<files>ldedel^x", "info.files[2][0]", "starts with")]
    [InlineData("d<a>i1e^<a>i2ee", "", "'a' stands twice")]
    [InlineData("d<b>i1e<a>i1e^<b>i2ee", "", "'b' stands twice")]
    [InlineData("d<x>d<b>i1e<a>i1e^<b>i2eee", "x", "'b' stands twice")]
    [InlineData("d<\u0001\\>i1e^<\u0001\\>i2ee", "", @"'\x01\x5c' stands twice")]
    public void Refuses_with_field_and_offset(string text, string field, string reason)
    {
        var input = Bencoded.Of(text, out var mark);
        var problem = Assert.Throws<BencodeScanException>(() => BencodeScanner.Check(input));
        Assert.Equal(mark, problem.Offset);
        Assert.Equal(field, problem.Field);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Contains($"byte {mark}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_out_of_order_are_refused_on_request()
    {
        var input = Bencoded.Of("d<b>i1e^<a>i2ee", out var mark);
        Assert.Equal(mark, Assert.Throws<BencodeScanException>(() => BencodeScanner.Check(input, requireSortedKeys: true)).Offset);
    }

    [Fact]
    public void Depth_64_is_accepted_and_65_is_not()
    {
        BencodeScanner.Check(Encoding.ASCII.GetBytes(new string('l', 64) + new string('e', 64)));
        var problem = Assert.Throws<BencodeScanException>(
            () => BencodeScanner.Check(Encoding.ASCII.GetBytes(new string('l', 65) + new string('e', 65))));
        Assert.Equal(64, problem.Offset);
    }

    [Theory]
    [InlineData("l")]
    [InlineData("d1:a")]
    public void Ten_thousand_deep_is_refused_without_overflow(string open)
    {
        var input = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(open, 10_000)));
        Assert.Equal(64 * open.Length, Assert.Throws<BencodeScanException>(() => BencodeScanner.Check(input)).Offset);
    }

    [Fact]
    public void A_prefix_ends_where_its_value_does()
    {
        Assert.Equal(8, BencodeScanner.CheckPrefix("li1ei2eeXYZ"u8));
        Assert.Equal(3, BencodeScanner.CheckPrefix("i1eabc"u8));
    }

    [Fact]
    public void Finds_the_raw_bytes_of_a_value()
    {
        var input = Bencoded.Of("d<a>d<info>i9ee<info>^d<files>ld<path>l<x><yy>eeeee", out var mark);
        Assert.True(BencodeScanner.TryFind(input, BencodePath.Root.Key("info"), out var range));
        Assert.Equal((int)mark, range.Start.Value);
        Assert.Equal("d5:filesld4:pathl1:x2:yyeeee", Encoding.ASCII.GetString(input[range]));
        Assert.True(BencodeScanner.TryFind(input, BencodePath.Root.Key("info").Key("files").Item(0).Key("path").Item(1), out range));
        Assert.Equal("2:yy", Encoding.ASCII.GetString(input[range]));
        Assert.True(BencodeScanner.TryFind(input, BencodePath.Root, out range));
        Assert.Equal(input.Length, range.End.Value);
    }

    [Fact]
    public void What_is_missing_is_not_found_and_its_offset_is_that_of_what_is_around_it()
    {
        var input = Bencoded.Of("d<info>^d<a>i1eee", out var mark);
        var missing = BencodePath.Root.Key("info").Key("b");
        Assert.False(BencodeScanner.TryFind(input, missing, out _));
        Assert.Equal(mark, BencodeScanner.OffsetOf(input, missing));
        Assert.False(BencodeScanner.TryFind(input, BencodePath.Root.Key("info").Item(0), out _));
        Assert.False(BencodeScanner.TryFind(input, BencodePath.Root.Key("info").Key("a").Key("c"), out _));
        Assert.Equal("info.b[3].c", missing.Item(3).Key("c").ToString());
    }

    [Fact]
    public void Random_bytes_give_only_the_declared_exception() =>
        Properties.Hold(Properties.Bytes(0, 40), bytes => Survives(bytes), 2000);

    [Fact]
    public void Almost_bencode_gives_only_the_declared_exception() =>
        Properties.Hold(
            Gen.Elements("dlie:0123459-ax".ToCharArray()).ListOf().Select(letters => Encoding.ASCII.GetBytes([.. letters])),
            bytes => Survives(bytes),
            5000);

    [Fact]
    public void Every_truncation_of_a_value_is_refused_at_or_before_its_end()
    {
        var whole = Bencoded.Of("d<a>i-12e<bb>l<x>d<z>i0eee<c><12345>e");
        BencodeScanner.Check(whole);
        for (var length = 0; length < whole.Length; length++)
        {
            var problem = Assert.Throws<BencodeScanException>(() => BencodeScanner.Check(whole.AsSpan(0, length)));
            Assert.InRange(problem.Offset, 0, length);
        }
    }

    [Theory]
    [InlineData("strings")]
    [InlineData("unsorted")]
    [InlineData("sorted")]
    [InlineData("digits")]
    public void Time_is_linear(string kind)
    {
        byte[] Make(int count)
        {
            var text = new StringBuilder();
            switch (kind)
            {
                case "strings":
                    text.Append('l').Insert(1, "1:x", count).Append('e');
                    break;
                case "digits":
                    text.Append('i').Append('0', count * 4);
                    break;
                default:
                    text.Append('d');
                    for (var i = 0; i < count; i++)
                    {
                        var number = kind == "sorted" ? i + 10_000_000 : ((long)i * 7919 % 9_999_991) + 10_000_000;
                        text.Append("8:").Append(number).Append("0:");
                    }
                    text.Append('e');
                    break;
            }
            return Encoding.ASCII.GetBytes(text.ToString());
        }

        static TimeSpan Best(byte[] input)
        {
            var best = TimeSpan.MaxValue;
            for (var i = 0; i < 7; i++)
            {
                var start = Stopwatch.GetTimestamp();
                Survives(input);
                var took = Stopwatch.GetElapsedTime(start);
                best = took < best ? took : best;
            }
            return best;
        }

        // Eight times the input: what is quadratic would take 64 times as long, every time; what other work takes from us passes.
        var small = Make(25_000);
        var large = Make(200_000);
        Best(small);
        Assert.Contains(Enumerable.Range(0, 10), _ => Best(large) < (Best(small) * 30) + TimeSpan.FromMilliseconds(20));
    }

    private static void Survives(byte[] bytes)
    {
        try
        {
            BencodeScanner.Check(bytes);
        }
        catch (BencodeScanException problem)
        {
            Assert.InRange(problem.Offset, 0, bytes.Length);
        }
    }
}
