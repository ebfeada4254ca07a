using System.Text;
using ActorTorrent.Engine.Resume;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Resume;

public sealed class ResumeFormatTests
{
    [Fact]
    public void What_is_written_is_read() =>
        Prop.ForAll(SampleResume.Any, data =>
            Assert.Equal(SampleResume.Describe(data), SampleResume.Describe(ResumeFormat.Decode(ResumeFormat.Encode(data)))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void It_is_a_bencoded_dictionary_with_a_version_and_named_fields()
    {
        var text = Encoding.Latin1.GetString(ResumeFormat.Encode(SampleResume.One));
        Assert.StartsWith("d5:addedi1600000000000e4:boot6:a boot9:completedi1650000000000e11:copied from11:/far/before10:copying to9:/far/next10:downloadedi11e5:filesl", text, StringComparison.Ordinal);
        foreach (var part in (string[])["4:have2:", "9:info hash20:", "6:origin11:/data/named", "6:piecesi10e", "10:priorities2:", "8:uploadedi22e", "7:versioni1ee"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Torn_at_any_byte_it_is_refused()
    {
        var bytes = ResumeFormat.Encode(SampleResume.One);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<ResumeFormatException>(() => ResumeFormat.Decode(bytes[..length]));
        Assert.Throws<ResumeFormatException>(() => ResumeFormat.Decode([.. bytes, 0]));
    }

    [Fact]
    public void With_any_bit_turned_it_is_refused()
    {
        var bytes = ResumeFormat.Encode(SampleResume.One);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<ResumeFormatException>(() => ResumeFormat.Decode(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("le")]
    [InlineData("de")]
    [InlineData("d4:kind5:othere")]
    [InlineData("d4:kind19:actortorrent resume7:versioni0ee")]
    [InlineData("d4:kind19:actortorrent resume7:versioni2ee")]
    [InlineData("d4:kind19:actortorrent resume7:version1:1e")]
    [InlineData("d4:kind19:actortorrent resume7:versioni1ee")]
    [InlineData("d7:versioni1e4:kind19:actortorrent resumee")]
    public void What_is_not_of_this_version_and_kind_is_refused(string text) =>
        Assert.Throws<ResumeFormatException>(() => ResumeFormat.Decode(Encoding.ASCII.GetBytes(text)));
}
