"""FFmpeg's names for what containers call their codecs."""

from collections.abc import Mapping

SAMPLE_ENTRIES: Mapping[bytes, str] = {
    **dict.fromkeys((b"avc1", b"avc3", b"dva1", b"dvav"), "h264"),
    **dict.fromkeys((b"hvc1", b"hev1", b"dvh1", b"dvhe"), "hevc"),
    **dict.fromkeys((b"apch", b"apcn", b"apcs", b"apco", b"ap4h", b"ap4x"), "prores"),
    **dict.fromkeys((b"aprn", b"aprh"), "prores_raw"),
    **dict.fromkeys((b"s263", b"h263", b"H263"), "h263"),
    **dict.fromkeys((b"jpeg", b"mjpa", b"MJPG", b"mjpg"), "mjpeg"),
    **dict.fromkeys((b"m2v1", b"mp2v", b"xdvc", b"xd5b", b"hdv2", b"hdv3"), "mpeg2video"),
    **dict.fromkeys((b"dvc ", b"dvcp", b"dvpp", b"dv5n", b"dvhq"), "dvvideo"),
    b"mp4v": "mpeg4",
    b"mjpb": "mjpegb",
    b"av01": "av1",
    b"vp08": "vp8",
    b"vp09": "vp9",
    b"vvc1": "vvc",
    b"SVQ1": "svq1",
    b"SVQ3": "svq3",
    b"cvid": "cinepak",
    b"rle ": "qtrle",
    b"icod": "aic",
    b"AVdn": "dnxhd",
    b"mp4a": "aac",
    b".mp3": "mp3",
    b"alac": "alac",
    b"ac-3": "ac3",
    b"ec-3": "eac3",
    b"Opus": "opus",
    b"fLaC": "flac",
    b"samr": "amr_nb",
    b"sawb": "amr_wb",
    b"sowt": "pcm_s16le",
    b"twos": "pcm_s16be",
    b"lpcm": "pcm_s16le",
    b"ipcm": "pcm_s16le",
    b"in24": "pcm_s24be",
    b"fl32": "pcm_f32be",
    b"raw ": "pcm_u8",
    b"ulaw": "pcm_mulaw",
    b"alaw": "pcm_alaw",
    b"ima4": "adpcm_ima_qt",
    b"QDM2": "qdm2",
}
"""Sample entries of QuickTime and MP4, registered at mp4ra.org or used by QuickTime."""

OBJECT_TYPES: Mapping[int, str] = {
    **dict.fromkeys((0x60, 0x61, 0x62, 0x63, 0x64, 0x65), "mpeg2video"),
    0x69: "mp3",
    0x6A: "mpeg1video",
    0x6B: "mp3",
    0x6C: "mjpeg",
    0xA9: "dts",
    0xDD: "vorbis",
}
"""What an ``esds`` descriptor says where the sample entry is mp4v or mp4a (ISO/IEC 14496-1)."""

FOUR_LETTERS: Mapping[bytes, str] = {
    **dict.fromkeys((b"MJPG", b"AVRN", b"JPEG"), "mjpeg"),
    **dict.fromkeys((b"DIVX", b"DX50", b"XVID", b"FMP4", b"MP4V", b"MP4S", b"M4S2"), "mpeg4"),
    **dict.fromkeys((b"DIV3", b"MP43", b"DIV4"), "msmpeg4v3"),
    **dict.fromkeys((b"H264", b"AVC1", b"X264", b"DAVC"), "h264"),
    **dict.fromkeys((b"HEVC", b"H265", b"HVC1"), "hevc"),
    **dict.fromkeys((b"DVSD", b"DV25", b"DV50", b"DVHD"), "dvvideo"),
    b"MP42": "msmpeg4v2",
    b"MPG2": "mpeg2video",
    b"CVID": "cinepak",
    b"H263": "h263",
    b"IV50": "indeo5",
    b"VP80": "vp8",
    b"VP90": "vp9",
    b"WMV1": "wmv1",
    b"WMV2": "wmv2",
    b"WMV3": "wmv3",
    b"WVC1": "vc1",
}
"""Of AVI and Windows Media, upper case."""

WAVE_TAGS: Mapping[int, str] = {
    0x0002: "adpcm_ms",
    0x0006: "pcm_alaw",
    0x0007: "pcm_mulaw",
    0x0011: "adpcm_ima_wav",
    0x0050: "mp2",
    0x0055: "mp3",
    0x00FF: "aac",
    0x0160: "wmav1",
    0x0161: "wmav2",
    0x0162: "wmapro",
    0x2000: "ac3",
}
"""``wFormatTag`` of Windows' WAVEFORMATEX."""
_PCM = 1
_PCM_BY_BITS: Mapping[int, str] = {8: "pcm_u8", 16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_s32le"}

MATROSKA: Mapping[str, str] = {
    "V_MPEG4/ISO/AVC": "h264",
    "V_MPEGH/ISO/HEVC": "hevc",
    "V_MPEG4/ISO/ASP": "mpeg4",
    "V_MPEG4/ISO/SP": "mpeg4",
    "V_MPEG1": "mpeg1video",
    "V_MPEG2": "mpeg2video",
    "V_MJPEG": "mjpeg",
    "V_AV1": "av1",
    "V_VP8": "vp8",
    "V_VP9": "vp9",
    "V_THEORA": "theora",
    "A_AAC": "aac",
    "A_AC3": "ac3",
    "A_EAC3": "eac3",
    "A_DTS": "dts",
    "A_FLAC": "flac",
    "A_MPEG/L2": "mp2",
    "A_MPEG/L3": "mp3",
    "A_OPUS": "opus",
    "A_VORBIS": "vorbis",
}
"""``CodecID`` of Matroska and WebM."""


def of_wave(tag: int, bits: int) -> str | None:
    """Name a Windows sound format; ``bits`` are those of one sample."""
    return _PCM_BY_BITS.get(bits) if tag == _PCM else WAVE_TAGS.get(tag)
